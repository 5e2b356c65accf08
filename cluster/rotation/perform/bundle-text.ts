import { type Certificate, certificatePem, openCertificate } from "../../../trust/x509/index.ts";

/** The bundle's text: what stays as it stands there, in its order; what is new behind it. */
export function bundleText(anchors: readonly Certificate[], before: string): string {
  const wanted = new Map(anchors.map((anchor) => [anchor.fingerprint, anchor]));
  const kept: string[] = [];
  for (const [block, body = ""] of before.matchAll(certificates)) {
    const opened = openCertificate(Buffer.from(body, "base64"));
    if ("unreadable" in opened || !wanted.delete(opened.fingerprint)) continue;
    kept.push(block.replace(/\r/g, ""));
  }
  const texts = [...kept, ...[...wanted.values()].map((anchor) => certificatePem(anchor).trimEnd())];
  // Linkerd's chart leaves no newline at the end, others one; a blank line more and identity would not start.
  return texts.join("\n") + (before.endsWith("\n") ? "\n" : "");
}

const certificates = /^-----BEGIN CERTIFICATE-----\s([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/gm;
