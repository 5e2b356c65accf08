import { isIPv6 } from "node:net";
import {
  bitString,
  boolean,
  context,
  implicit,
  integer,
  octetString,
  oid,
  sequence,
  set,
  utf8,
} from "./der.ts";
import type { ExtKeyUsage, GeneralName, KeyUsage, Spoil } from "./options.ts";

export function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octetString(value));
}

export const commonName = (name: string): Buffer => sequence(set(sequence(oid("2.5.4.3"), utf8(name))));

export function writeExtensions(options: Spoil): Buffer[] {
  const written = [
    ...basicConstraints(options),
    ...keyUsage(options),
    ...extKeyUsage(options),
    ...nameConstraints(options),
    ...alternativeNames(options),
    ...keyIds(options),
    ...(options.unknownCritical ? [extension("1.3.6.1.4.1.99999.1", octetString(), true)] : []),
  ];
  const twice = options.duplicateExtension ? written.slice(0, 1) : [];
  return [...written, ...twice, ...(options.extensions ?? [])];
}

function basicConstraints({ basicConstraints: says }: Spoil): Buffer[] {
  if (!says) return [];
  const pathLength = says.pathLength === undefined ? [] : [integer(says.pathLength)];
  return [
    extension(
      "2.5.29.19",
      sequence(...(says.ca ? [boolean(true)] : []), ...pathLength),
      says.critical ?? true,
    ),
  ];
}

const usageBits: readonly KeyUsage[] = [
  "digitalSignature",
  "nonRepudiation",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
];

function keyUsage({ keyUsage: usages, keyUsageCritical = true }: Spoil): Buffer[] {
  if (!usages) return [];
  const bits = usages.reduce((sum, usage) => sum | (0x80 >> usageBits.indexOf(usage)), 0);
  const unused = bits === 0 ? 0 : 31 - Math.clz32(bits & -bits);
  const value = bits === 0 ? bitString(Buffer.alloc(0)) : bitString(Buffer.of(bits), unused);
  return [extension("2.5.29.15", value, keyUsageCritical)];
}

const purposes: Readonly<Record<ExtKeyUsage, string>> = {
  any: "2.5.29.37.0",
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
  codeSigning: "1.3.6.1.5.5.7.3.3",
  emailProtection: "1.3.6.1.5.5.7.3.4",
  OCSPSigning: "1.3.6.1.5.5.7.3.9",
};

function extKeyUsage({ extKeyUsage: usages }: Spoil): Buffer[] {
  if (!usages) return [];
  const ids = usages.map((usage) => oid(usage in purposes ? purposes[usage as ExtKeyUsage] : usage));
  return [extension("2.5.29.37", sequence(...ids))];
}

function nameConstraints({ nameConstraints: says }: Spoil): Buffer[] {
  if (!says) return [];
  const subtrees = (n: number, names: readonly GeneralName[] | undefined) =>
    names === undefined ? [] : [context(n, ...names.map((name) => sequence(generalName(name))))];
  return [
    extension(
      "2.5.29.30",
      sequence(...subtrees(0, says.permitted), ...subtrees(1, says.excluded)),
      says.critical ?? true,
    ),
  ];
}

function alternativeNames({ sans = [] }: Spoil): Buffer[] {
  return sans.length === 0 ? [] : [extension("2.5.29.17", sequence(...sans.map(generalName)))];
}

function keyIds({ subjectKeyId, authorityKeyId }: Spoil): Buffer[] {
  return [
    ...(subjectKeyId ? [extension("2.5.29.14", octetString(subjectKeyId))] : []),
    ...(authorityKeyId ? [extension("2.5.29.35", sequence(implicit(0, authorityKeyId)))] : []),
  ];
}

function generalName(name: GeneralName): Buffer {
  if (typeof name !== "string") return name;
  const [kind, text] = [name.slice(0, name.indexOf(":")), name.slice(name.indexOf(":") + 1)];
  if (kind === "email") return implicit(1, Buffer.from(text));
  if (kind === "dns") return implicit(2, Buffer.from(text));
  if (kind === "dir") return context(4, commonName(text));
  if (kind === "uri") return implicit(6, Buffer.from(text));
  return implicit(
    7,
    Buffer.concat(
      text
        .split("/")
        .map((part, i) => (i === 0 || /[.:]/.test(part) ? address(part) : mask(text, Number(part)))),
    ),
  );
}

function address(text: string): Buffer {
  if (!isIPv6(text)) return Buffer.from(text.split(".").map(Number));
  const [head = "", tail = ""] = text.split("::");
  const groups = (part: string) => (part === "" ? [] : part.split(":"));
  const zeros = Array(8 - groups(head).length - groups(tail).length).fill("0");
  const all = text.includes("::") ? [...groups(head), ...zeros, ...groups(tail)] : groups(text);
  return Buffer.from(all.map((group) => group.padStart(4, "0")).join(""), "hex");
}

function mask(range: string, bits: number): Buffer {
  const bytes = Buffer.alloc(range.includes(".") ? 4 : 16);
  return bytes.map((_, i) => 0xff00 >> Math.min(8, Math.max(0, bits - 8 * i))) as Buffer;
}
