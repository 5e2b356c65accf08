import { printable } from "../../harmless.ts";
import { binary, byte, hex } from "../bytes.ts";
import { content, type Element, empty, read, readAny, readOid, tags, whole } from "../der.ts";
import { dotted, oid } from "../oid.ts";
import { need, refuse } from "../refusal.ts";

export interface Name {
  /** RFC 4514. */
  readonly text: string;
  readonly commonName: string;
}

/** A Name (RFC 5280 section 4.1.2.4) as Go's parseName reads it; the element is the whole RDNSequence. */
export function readName(sequence: Element): Name {
  const rdns: string[] = [];
  let commonName = "";
  while (!empty(sequence)) {
    const set = need(read(sequence, tags.set), "invalid RDNSequence");
    const attributes: string[] = [];
    while (!empty(set)) {
      const attribute = need(read(set, tags.sequence), "invalid RDNSequence: invalid attribute");
      const type = need(readOid(attribute), "invalid RDNSequence: invalid attribute type");
      const value = need(readAny(attribute), "invalid RDNSequence: invalid attribute value");
      const text = readString(value);
      if (type === commonNameType) commonName = text;
      const label = labels.get(type);
      attributes.push(
        label === undefined ? `${dotted(type)}=#${hex(whole(value))}` : `${label}=${escaped(text)}`,
      );
    }
    rdns.push(attributes.join("+"));
  }
  return { text: printable(rdns.reverse().join(",")), commonName };
}

const commonNameType = oid("2.5.4.3");

const labels = new Map(
  Object.entries({
    C: "2.5.4.6",
    O: "2.5.4.10",
    OU: "2.5.4.11",
    CN: "2.5.4.3",
    SERIALNUMBER: "2.5.4.5",
    L: "2.5.4.7",
    ST: "2.5.4.8",
    STREET: "2.5.4.9",
    POSTALCODE: "2.5.4.17",
  }).map(([label, type]) => [oid(type), label]),
);

const escaped = (text: string): string => text.replace(/^[ #]|[,+"\\<>;]| $/g, "\\$&");

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII has them.
const isAscii = /^[\x00-\x7f]*$/;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function readString(element: Element): string {
  const bytes = content(element);
  switch (element.tag) {
    case tags.t61String:
      return binary(bytes);
    case tags.printableString:
      return ascii(bytes, /^[A-Za-z0-9'()*+,\-./ :=?&]*$/, "PrintableString");
    case tags.utf8String:
      return readUtf8(bytes);
    case tags.bmpString:
      return readBmp(bytes);
    case tags.ia5String:
      return ascii(bytes, isAscii, "IA5String");
    case tags.numericString:
      return ascii(bytes, /^[0-9 ]*$/, "NumericString");
    default:
      return refuse("invalid RDNSequence: invalid attribute value: unsupported string type");
  }
}

function ascii(bytes: Uint8Array, alphabet: RegExp, type: string): string {
  const text = binary(bytes);
  return alphabet.test(text) ? text : refuse(`invalid RDNSequence: invalid attribute value: invalid ${type}`);
}

function readUtf8(bytes: Uint8Array): string {
  const text = binary(bytes);
  if (isAscii.test(text)) return text;
  try {
    return utf8.decode(bytes);
  } catch {
    return refuse("invalid RDNSequence: invalid attribute value: invalid UTF-8 string");
  }
}

// UCS-2: a terminator is taken off; surrogates and noncharacters are refused.
function readBmp(bytes: Uint8Array): string {
  const invalid = "invalid RDNSequence: invalid attribute value: invalid BMPString";
  if (bytes.length % 2 !== 0) return refuse(invalid);
  const terminated = bytes.length >= 2 && bytes[bytes.length - 1] === 0 && bytes[bytes.length - 2] === 0;
  const end = terminated ? bytes.length - 2 : bytes.length;
  let text = "";
  for (let at = 0; at < end; at += 2) {
    const point = (byte(bytes, at) << 8) | byte(bytes, at + 1);
    const reserved =
      point >= 0xfffe || (point >= 0xfdd0 && point <= 0xfdef) || (point >= 0xd800 && point <= 0xdfff);
    text += reserved ? refuse(invalid) : String.fromCharCode(point);
  }
  return text;
}
