import { type Certificate, findPrivateKeys, openCertificate } from "../../trust/x509/index.ts";
import { readBlocks } from "../../trust/x509/pem/blocks.ts";
import type { Source } from "./read.ts";

/** What was found in one source, block by block. No private key is kept. */
export interface Material {
  readonly source: Source;
  readonly form: "PEM" | "DER" | "none";
  readonly found: readonly Found[];
  /** "an EC PRIVATE KEY block", each with its line. */
  readonly privateKeys: readonly Part[];
  /** Requests, parameters and the like. */
  readonly others: readonly Part[];
  readonly unreadable: readonly Part[];
}

export interface Found {
  readonly certificate: Certificate;
  readonly source: string;
  readonly line: number;
}

export interface Part {
  readonly line: number;
  readonly what: string;
}

/** Opens every block, also those that Linkerd's own readers would not get to. */
export function openMaterial(source: Source): Material {
  const { name, bytes } = source;
  const der = openDer(bytes);
  if (der !== undefined) {
    const nothing = { source, privateKeys: [], others: [] };
    if (typeof der !== "string")
      return {
        ...nothing,
        form: "DER",
        found: [{ certificate: der, source: name, line: 1 }],
        unreadable: [],
      };
    return { ...nothing, form: "none", found: [], unreadable: [{ line: 1, what: der }] };
  }
  const { blocks, damaged } = readBlocks(bytes);
  const found: Found[] = [];
  const unreadable: Part[] = [...damaged];
  const [privateKeys, others]: [Part[], Part[]] = [[], []];
  for (const { line, kind, what, bytes: content } of blocks) {
    if (kind === "CERTIFICATE") {
      const certificate = openCertificate(content);
      if ("unreadable" in certificate)
        unreadable.push({ line, what: `a certificate that cannot be read: ${certificate.unreadable}` });
      else found.push({ certificate, source: name, line });
    } else (/PRIVATE KEY/.test(kind) ? privateKeys : others).push({ line, what });
  }
  const form = blocks.length + damaged.length === 0 ? "none" : "PEM";
  if (form === "none") privateKeys.push(...bareKeys(bytes));
  return { source, form, found, privateKeys, others, unreadable: unreadable.sort((a, b) => a.line - b.line) };
}

/** A binary certificate, or why such bytes are none; undefined for what looks like text. */
function openDer(bytes: Uint8Array): Certificate | string | undefined {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return "text in UTF-16, which Linkerd does not read: save it as UTF-8";
  // A SEQUENCE with a length of two octets or more: as text, "0" before a control character or beyond ASCII.
  if (first !== 0x30 || second === undefined || second < 0x80) return undefined;
  const certificate = openCertificate(bytes);
  if (!("unreadable" in certificate)) return certificate;
  const [key] = findPrivateKeys(bytes.subarray(0, 65_536));
  return key === undefined
    ? `neither PEM nor a certificate in DER: ${certificate.unreadable}`
    : "a private key, not shown";
}

// Keys in other clothes: base64, JSON Web Keys. The search is thorough, so large files are not searched whole.
function bareKeys(bytes: Uint8Array): Part[] {
  return findPrivateKeys(bytes.subarray(0, 1024 * 1024)).map((what) => ({
    line: Number(/ on line (\d+)/.exec(what)?.[1] ?? 1),
    what: what.replace(/ on line \d+.*/, ""),
  }));
}
