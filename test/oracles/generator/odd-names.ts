import { oid, printable, sequence, set, tlv, utf8 } from "../../certificates/der.ts";
import type { Spoil } from "../../certificates/index.ts";

const attribute = (id: string, value: Buffer) => set(sequence(oid(id), value));
const cn = (value: Buffer) => sequence(attribute("2.5.4.3", value));
const text = "root.linkerd.cluster.local";

/** Subjects that are empty, long, foreign or hardly names at all. */
export const names: Readonly<Record<string, Spoil>> = {
  other: { subject: "someone.else" },
  empty: { subject: sequence() },
  "the same in PrintableString": { subject: cn(printable(text)) },
  "the same in capitals": { subject: text.toUpperCase() },
  "a space more": { subject: `${text} ` },
  "organisation and country": {
    subject: sequence(
      attribute("2.5.4.6", printable("NZ")),
      attribute("2.5.4.10", utf8("Mesh Ltd")),
      attribute("2.5.4.3", utf8(text)),
    ),
  },
  "two common names": {
    subject: sequence(attribute("2.5.4.3", utf8("one")), attribute("2.5.4.3", utf8("two"))),
  },
  "two attributes in one set": {
    subject: sequence(set(sequence(oid("2.5.4.3"), utf8("one")), sequence(oid("2.5.4.10"), utf8("two")))),
  },
  "no common name": { subject: sequence(attribute("2.5.4.10", utf8("Mesh Ltd"))) },
  "an unknown attribute": { subject: sequence(attribute("1.3.6.1.4.1.99999.9", utf8("x"))) },
  "an e-mail address": {
    subject: sequence(attribute("1.2.840.113549.1.9.1", tlv(0x16, Buffer.from("a@b.example")))),
  },
  "line breaks and escapes": { subject: 'a\n\u001b[31mb"\\,+=<>#; c' },
  "not Latin": { subject: "идентичность.例え.🦊" },
  "very long": { subject: "x".repeat(5000) },
  "an empty set": { subject: sequence(set()) },
  "PrintableString with @": { subject: cn(printable("a@b")) },
  "PrintableString with *": { subject: cn(printable("*.b")) },
  "broken UTF-8": { subject: cn(tlv(0x0c, Buffer.from([0x61, 0xff, 0x62]))) },
  T61String: { subject: cn(tlv(0x14, Buffer.from([0x61, 0xe9]))) },
  BMPString: { subject: cn(tlv(0x1e, Buffer.from([0, 0x61, 0, 0x62]))) },
  "BMPString of odd length": { subject: cn(tlv(0x1e, Buffer.from([0, 0x61, 0]))) },
  UniversalString: { subject: cn(tlv(0x1c, Buffer.from([0, 0, 0, 0x61]))) },
  "IA5String with a high bit": { subject: cn(tlv(0x16, Buffer.from([0x61, 0xe9]))) },
  NumericString: { subject: cn(tlv(0x12, Buffer.from("12 3"))) },
  "NumericString with a letter": { subject: cn(tlv(0x12, Buffer.from("12a"))) },
  "a number for a name": { subject: cn(tlv(0x02, Buffer.of(5))) },
  "a value left out": { subject: sequence(set(sequence(oid("2.5.4.3")))) },
  "no name at all": { subject: tlv(0x05) },
  "other issuer": { issuerName: "someone.else" },
  "empty issuer": { issuerName: sequence() },
};
