import { implicit, integer, nul, octetString, sequence, tlv, utf8 } from "../../certificates/der.ts";
import { extension } from "../../certificates/extensions.ts";
import { after, day, hour, type Spoil, second, year } from "../../certificates/index.ts";
import { constraints } from "./odd-constraints.ts";
import { keys } from "./odd-keys.ts";
import { names } from "./odd-names.ts";
import { signatures } from "./odd-signatures.ts";

/** Everything that can be wrong, or merely unusual, with one certificate; by what was done. */
export const spoils: Readonly<Record<string, Spoil>> = {
  ...prefixed("name", names),
  ...prefixed("constraints", constraints),
  ...prefixed("key", keys),

  ...prefixed("dates", {
    expired: { notAfter: after(-second) },
    "expires now": { notAfter: after(0) },
    "expires in a second": { notAfter: after(second) },
    "not yet valid": { notBefore: after(second) },
    "valid from now": { notBefore: after(0) },
    "valid since a second": { notBefore: after(-second) },
    "ends before it begins": { notBefore: after(-hour), notAfter: after(-day) },
    "long over": { notBefore: after(-20 * year), notAfter: after(-10 * year) },
    "far ahead": { notBefore: after(10 * year), notAfter: after(20 * year) },
    "all of time": {
      notBefore: new Date("0001-01-01T00:00:00Z"),
      notAfter: new Date("9999-12-31T23:59:59Z"),
    },
    "UTCTime of 1950": { notBefore: new Date("1950-01-01T00:00:00Z"), timeType: "utc" },
    "UTCTime beyond 2049": { notAfter: new Date("2060-01-01T00:00:00Z"), timeType: "utc" },
    "GeneralizedTime before 2050": { timeType: "generalized" },
    "second sixty": {
      notBefore: new Date("2026-05-01T00:00:00Z"),
      tamper: swap("260501000000Z", "260501000060Z"),
    },
    "February 30th": {
      notBefore: new Date("2026-02-01T00:00:00Z"),
      tamper: swap("260201000000Z", "260230000000Z"),
    },
    "hour 24": {
      notBefore: new Date("2026-05-01T00:00:00Z"),
      tamper: swap("260501000000Z", "260501240000Z"),
    },
    "no Z": { notBefore: new Date("2026-05-01T00:00:00Z"), tamper: swap("260501000000Z", "2605010000000") },
    "a fraction": {
      notBefore: new Date("2026-05-01T00:00:00Z"),
      timeType: "generalized",
      tamper: swap("20260501000000Z", "202605010000.5Z"),
    },
  }),

  ...prefixed("serial", {
    zero: { serial: 0 },
    one: { serial: 1 },
    negative: { serial: -1n },
    "twenty octets": { serial: 2n ** 159n - 1n },
    "twenty-one octets": { serial: 2n ** 159n },
    "forty octets": { serial: 2n ** 310n },
    "padded with zeros": { serial: Buffer.from([0, 0, 1]) },
    "no octets": { serial: Buffer.alloc(0) },
  }),

  ...prefixed("version", { one: { version: 1 }, two: { version: 2 }, four: { version: 4 } }),

  ...prefixed("signature", signatures),

  ...prefixed("basic constraints", {
    absent: { basicConstraints: false },
    "not a CA": { basicConstraints: { ca: false } },
    "not a CA, with a path length": { basicConstraints: { ca: false, pathLength: 0 } },
    "not critical": { basicConstraints: { ca: true, critical: false } },
    "path length 0": { basicConstraints: { ca: true, pathLength: 0 } },
    "path length 1": { basicConstraints: { ca: true, pathLength: 1 } },
    "path length 2": { basicConstraints: { ca: true, pathLength: 2 } },
    "path length 300": { basicConstraints: { ca: true, pathLength: 300 } },
    "path length -1": { basicConstraints: { ca: true, pathLength: -1 } },
    "no path length": { basicConstraints: { ca: true } },
    "FALSE written out": raw("2.5.29.19", sequence(tlv(1, Buffer.of(0)))),
    "TRUE as 1": raw("2.5.29.19", sequence(tlv(1, Buffer.of(1)))),
    "trailing bytes": raw("2.5.29.19", Buffer.concat([sequence(tlv(1, Buffer.of(255))), nul()])),
  }),

  ...prefixed("key usage", {
    absent: { keyUsage: false },
    none: { keyUsage: [] },
    "signs certificates only": { keyUsage: ["keyCertSign"] },
    "signs no certificates": { keyUsage: ["cRLSign"] },
    "a leaf's": { keyUsage: ["digitalSignature", "keyEncipherment"] },
    "not critical": { keyUsageCritical: false },
    everything: {
      keyUsage: [
        "digitalSignature",
        "nonRepudiation",
        "keyEncipherment",
        "dataEncipherment",
        "keyAgreement",
        "keyCertSign",
        "cRLSign",
      ],
    },
  }),

  ...prefixed("extended key usage", {
    any: { extKeyUsage: ["any"] },
    server: { extKeyUsage: ["serverAuth"] },
    client: { extKeyUsage: ["clientAuth"] },
    "server and client": { extKeyUsage: ["serverAuth", "clientAuth"] },
    "code signing": { extKeyUsage: ["codeSigning"] },
    unknown: { extKeyUsage: ["1.3.6.1.4.1.99999.7"] },
    "unknown and server": { extKeyUsage: ["1.3.6.1.4.1.99999.7", "serverAuth"] },
    none: { extKeyUsage: [] },
    critical: {
      extensions: [extension("2.5.29.37", sequence(tlv(6, Buffer.from("2b06010505070301", "hex"))), true)],
    },
  }),

  ...prefixed("key id", {
    "no subject key id": { subjectKeyId: false },
    "wrong subject key id": { subjectKeyId: Buffer.alloc(20, 7) },
    "empty subject key id": { subjectKeyId: Buffer.alloc(0) },
    "no authority key id": { authorityKeyId: false },
    "wrong authority key id": { authorityKeyId: Buffer.alloc(20, 7) },
    "critical authority key id": {
      authorityKeyId: false,
      extensions: [extension("2.5.29.35", sequence(), true)],
    },
    "critical subject key id": {
      subjectKeyId: false,
      extensions: [extension("2.5.29.14", octetString(Buffer.of(1)), true)],
    },
  }),

  ...prefixed("extensions", {
    "unknown and critical": { unknownCritical: true },
    "unknown, not critical": { extensions: [extension("1.3.6.1.4.1.99999.2", utf8("hello"))] },
    "unknown and twice": { extensions: Array(2).fill(extension("1.3.6.1.4.1.99999.2", utf8("hello"))) },
    "one twice": { duplicateExtension: true },
    "critical policies": {
      extensions: [extension("2.5.29.32", sequence(sequence(tlv(6, Buffer.from("551d2000", "hex")))), true)],
    },
    "policies, not critical": {
      extensions: [extension("2.5.29.32", sequence(sequence(tlv(6, Buffer.from("551d2000", "hex")))))],
    },
    "critical policy constraints": {
      extensions: [extension("2.5.29.36", sequence(tlv(0x80, Buffer.of(0))), true)],
    },
    "critical inhibit-any-policy": { extensions: [extension("2.5.29.54", integer(0), true)] },
    "CRL distribution points": { extensions: [extension("2.5.29.31", sequence())] },
    "broken CRL distribution points": { extensions: [extension("2.5.29.31", Buffer.from("x"))] },
    "authority information": { extensions: [extension("1.3.6.1.5.5.7.1.1", sequence())] },
    "broken key usage": raw("2.5.29.15", Buffer.from("0302", "hex"), { keyUsage: false }),
    "an element that is no extension": { extensions: [integer(5)] },
    none: {
      basicConstraints: false,
      keyUsage: false,
      extKeyUsage: false,
      subjectKeyId: false,
      authorityKeyId: false,
      sans: [],
    },
    "unique ids": { uniqueIds: [implicit(1, Buffer.of(0, 1)), implicit(2, Buffer.of(0, 2))] },
    "a unique id in version one": { version: 1, uniqueIds: [implicit(1, Buffer.of(0, 1))] },
    "unique ids the other way round": {
      uniqueIds: [implicit(2, Buffer.of(0, 2)), implicit(1, Buffer.of(0, 1))],
    },
    "a stray element": { uniqueIds: [integer(3)] },
    "critical written as FALSE": {
      extensions: [
        sequence(tlv(6, Buffer.from("2b06010401868d1f03", "hex")), tlv(1, Buffer.of(0)), octetString()),
      ],
    },
    "no octets": { extensions: [sequence(tlv(6, Buffer.from("2b06010401868d1f03", "hex")))] },
  }),
};

/** Changes text of equal length inside the part to be signed. */
function swap(from: string, to: string): (body: Buffer) => Buffer {
  return (body) =>
    Buffer.from(
      body.toString("latin1").replace(from, () => to),
      "latin1",
    );
}

function raw(id: string, value: Buffer, more: Spoil = { basicConstraints: false }): Spoil {
  return { ...more, extensions: [extension(id, value, true)] };
}

function prefixed(prefix: string, group: Readonly<Record<string, Spoil>>): Record<string, Spoil> {
  return Object.fromEntries(Object.entries(group).map(([label, spoil]) => [`${prefix}: ${label}`, spoil]));
}
