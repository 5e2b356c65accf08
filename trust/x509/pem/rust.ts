import { decodeAsRust } from "./base64.ts";

/** The certificates in a text as rustls-pki-types finds them, or why it gives up. */
export interface RustPem {
  readonly certificates: readonly Uint8Array[];
  readonly refused?: string;
}

const known = new Set([
  "CERTIFICATE",
  "PUBLIC KEY",
  "RSA PRIVATE KEY",
  "PRIVATE KEY",
  "EC PRIVATE KEY",
  "X509 CRL",
  "CERTIFICATE REQUEST",
  "ECHCONFIG",
]);

const beginMark = "-----BEGIN ";

/**
 * CertificateDer::pem_slice_iter (rustls-pki-types pem.rs), all of it or
 * nothing, as the proxy's creds.rs collects it. Line by line: blocks of kinds
 * it knows must decode, others are passed over, and a BEGIN inside a block
 * starts a new one that keeps the text gathered so far.
 */
export function readRustPem(text: string): RustPem {
  const certificates: Uint8Array[] = [];
  let label: string | undefined;
  let body: string[] = [];
  // Each of CR and LF ends a line.
  for (const line of text.split(/[\r\n]/)) {
    if (line.startsWith(beginMark)) {
      label = sectionLabel(line);
      if (label === undefined) return { certificates, refused: "the BEGIN line of a block is malformed" };
    } else if (label !== undefined) {
      if (!line.startsWith(`-----END ${label}-----`)) {
        body.push(line);
        continue;
      }
      if (known.has(label)) {
        const der = decodeAsRust(body.join(""));
        if (der === undefined) return { certificates, refused: "the base64 of a block is damaged" };
        if (label === "CERTIFICATE") certificates.push(der);
      }
      label = undefined;
      body = [];
    }
  }
  if (label !== undefined) return { certificates, refused: "a block has no END line" };
  return { certificates };
}

// Exactly five dashes at the end, spaces among them notwithstanding.
function sectionLabel(line: string): string | undefined {
  let [dashes, first] = [0, line.length];
  for (let at = line.length - 1; line[at] === "-" || line[at] === " "; at--) {
    if (line[at] === " ") continue;
    dashes++;
    first = at;
  }
  return dashes === 5 ? line.slice(beginMark.length, first) : undefined;
}
