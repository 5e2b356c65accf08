import { binary, sha256, toBytes } from "./bytes.ts";
import { cache } from "./cache.ts";
import { openCertificate } from "./certificate.ts";
import { readCertificates } from "./pem/certificates.ts";
import { readRustPem } from "./pem/rust.ts";
import { attempt } from "./refusal.ts";
import type { BundleReading, Fingerprint, ProxyBundleReading } from "./types.ts";
import { readForAnchor } from "./webpki/certificate.ts";

/**
 * A trust bundle as both of its readers see it: Linkerd's DecodePEMCertPool
 * (pkg/tls/codec.go), in identity and before each proxy, and the proxy itself
 * (linkerd/meshtls/src/creds.rs).
 */
export function readBundle(text: Uint8Array | string): BundleReading {
  return readings.get(sha256(text), () => read(binary(toBytes(text))), text.length);
}

// By digest: the text itself may hold a private key.
const readings = cache<BundleReading>(512, 2 ** 20);

function read(source: string): BundleReading {
  const { certificates, dropped, untidy, ...outcome } = readCertificates(source);
  const refused = outcome.refused ?? (certificates.length === 0 ? "no certificates found" : undefined);
  return {
    anchors: certificates,
    ...(refused !== undefined && { refused }),
    dropped,
    proxy: readAsProxy(source),
    untidy,
  };
}

function readAsProxy(source: string): ProxyBundleReading {
  const { certificates, refused } = readRustPem(source);
  if (refused !== undefined) return { anchors: [], skipped: 0, refused };
  if (certificates.length === 0) return { anchors: [], skipped: 0, refused: "no trust roots in PEM file" };
  const anchors = certificates.flatMap(asAnchor);
  const skipped = certificates.length - anchors.length;
  return { anchors, skipped, ...(anchors.length === 0 && { refused: "no trust roots loaded" }) };
}

/** The fingerprint of what the proxy can read, which Go mostly can too, and has by now. */
function asAnchor(der: Uint8Array): readonly Fingerprint[] {
  const opened = openCertificate(der);
  if (!("unreadable" in opened)) return opened.refusedByProxy === undefined ? [opened.fingerprint] : [];
  return typeof attempt(() => readForAnchor(der)) === "string" ? [] : [sha256(der)];
}
