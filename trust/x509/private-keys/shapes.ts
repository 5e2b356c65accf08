import { oid } from "../oid.ts";

/** What private key starts there, judged by its first fields alone: a key cut short is still a key. */
export function privateKeyAt(text: string, at: number): string | undefined {
  const sequence = header(text, at, 0x30);
  if (sequence === undefined) return undefined;
  switch (text.charCodeAt(sequence.content)) {
    case 0x02:
      return plainAt(text, sequence.content);
    case 0x30:
      return encryptedAt(text, sequence.content);
    case 0x06:
      return bagAt(text, sequence.content);
    default:
      return undefined;
  }
}

interface Header {
  readonly content: number;
  readonly length: number;
}

// Lengths as in DER, or the indefinite one of BER, but not held against what is left of the text.
function header(text: string, at: number, tag: number): Header | undefined {
  if (text.charCodeAt(at) !== tag) return undefined;
  const first = text.charCodeAt(at + 1);
  if (first <= 0x80) return { content: at + 2, length: first === 0x80 ? 0 : first };
  const octets = first - 0x80;
  if (!(octets <= 3)) return undefined;
  let length = 0;
  for (let i = 0; i < octets; i++) length = length * 256 + text.charCodeAt(at + 2 + i);
  return length >= 0x80 ? { content: at + 2 + octets, length } : undefined;
}

function plainAt(text: string, at: number): string | undefined {
  const number = header(text, at, 0x02);
  if (number?.length !== 1) return undefined;
  const version = text.charCodeAt(number.content);
  const second = number.content + 1;
  if (version > 1) return undefined;
  return pkcs8At(text, second) ?? (version === 1 ? sec1At(text, second) : undefined) ?? rsaAt(text, second);
}

const keyAlgorithms = [
  "1.2.840.113549.1.1.1",
  "1.2.840.113549.1.1.10",
  "1.2.840.10045.2.1",
  "1.2.840.10040.4.1",
  "1.2.840.113549.1.3.1",
  "1.3.101.110",
  "1.3.101.111",
  "1.3.101.112",
  "1.3.101.113",
].map(oid);

// PrivateKeyInfo (RFC 5208): version, algorithm, OCTET STRING.
function pkcs8At(text: string, at: number): string | undefined {
  const algorithm = header(text, at, 0x30);
  const id = algorithm && header(text, algorithm.content, 0x06);
  if (algorithm === undefined || id === undefined) return undefined;
  const known = keyAlgorithms.includes(text.slice(id.content, id.content + id.length));
  const key = header(text, algorithm.content + algorithm.length, 0x04);
  return known && key !== undefined && key.length >= 16 ? "a PKCS#8 private key in DER" : undefined;
}

// ECPrivateKey (RFC 5915): version 1, OCTET STRING of a scalar, then [0], [1] or the end.
function sec1At(text: string, at: number): string | undefined {
  const scalar = header(text, at, 0x04);
  if (scalar === undefined || scalar.length < 20 || scalar.length > 72) return undefined;
  const after = text.charCodeAt(scalar.content + scalar.length);
  return Number.isNaN(after) || after === 0xa0 || after === 0xa1 ? "an EC private key in DER" : undefined;
}

// RSAPrivateKey (RFC 8017) or a DSA key: version 0 or 1, then numbers, the first of them large.
function rsaAt(text: string, at: number): string | undefined {
  const modulus = header(text, at, 0x02);
  if (modulus === undefined || modulus.length < 60) return undefined;
  const exponent = header(text, modulus.content + modulus.length, 0x02);
  if (exponent === undefined) return undefined;
  const next = header(text, exponent.content + exponent.length, 0x02);
  return next === undefined ? undefined : "an RSA or DSA private key in DER";
}

// PBES1 and PBES2 (RFC 8018), PKCS #12's own (RFC 7292), and what Java's keystores seal their keys with.
// PKCS #5 has more, such as PBMAC1, which guards a keystore of certificates as well.
const pkcs5 = [1, 3, 4, 6, 10, 11, 13].map((last) => oid(`1.2.840.113549.1.5.${last}`));
const pkcs12 = [1, 2, 3, 4, 5, 6].map((last) => oid(`1.2.840.113549.1.12.1.${last}`));
const java = ["1.3.6.1.4.1.42.2.17.1.1", "1.3.6.1.4.1.42.2.19.1"].map(oid);
const encryptions = new Map([
  ...[...pkcs5, ...pkcs12].map((id) => [id, "an encrypted private key in DER"] as const),
  ...java.map((id) => [id, "a private key in a Java keystore"] as const),
]);

const longestId = 32;

// EncryptedPrivateKeyInfo (RFC 5208): algorithm, OCTET STRING.
function encryptedAt(text: string, at: number): string | undefined {
  const algorithm = header(text, at, 0x30);
  const id = algorithm && header(text, algorithm.content, 0x06);
  if (algorithm === undefined || id === undefined) return undefined;
  // To look a name up is to read all of it, and a hostile one is as long as the text.
  if (id.length > longestId) return undefined;
  const what = encryptions.get(text.slice(id.content, id.content + id.length));
  const key = header(text, algorithm.content + algorithm.length, 0x04);
  return key === undefined ? undefined : what;
}

const keyBags = ["1.2.840.113549.1.12.10.1.1", "1.2.840.113549.1.12.10.1.2"].map(oid);

// SafeBag (RFC 7292): the kind of the bag, [0]. The bags around a key are not encrypted, only the key is; a
// keystore that holds certificates alone has no such bag.
function bagAt(text: string, at: number): string | undefined {
  const id = header(text, at, 0x06);
  if (id === undefined || !keyBags.includes(text.slice(id.content, id.content + id.length))) return undefined;
  return header(text, id.content + id.length, 0xa0) && "a private key in a PKCS#12 keystore";
}
