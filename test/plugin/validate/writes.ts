import { base64 } from "../../base64.ts";
import { anchor, bundle, issuer, type Minted } from "../../certificates/index.ts";
import { makeCase } from "../../oracles/cases.ts";
import { type Random, random } from "../../oracles/generator/random.ts";
import type { Material } from "../../scenarios/material.ts";

/** What somebody may put into a file: of any shape, for it is the API server that insists on one. */
export interface AnyManifest {
  readonly apiVersion: "v1";
  readonly kind: "ConfigMap" | "Secret";
  readonly metadata: Readonly<Record<string, unknown>> & { readonly name: string };
  readonly [field: string]: unknown;
}

/** Writes of every kind that people and machines make, good, odd and bad: the same for the same numbers. */
export function someWrite(material: Material, seed: number, id: number): AnyManifest {
  const chance = random(seed, id);
  const write = chance.chance(0.5) ? someTrustRoots(material, chance, id) : someIssuer(material, chance, id);
  return { ...write, metadata: { ...write.metadata, ...someMetadata(chance) } };
}

function someTrustRoots(material: Material, chance: Random, id: number): AnyManifest {
  const text = chance.weigh<() => string>([
    [6, () => bundle(...someAnchors(material, chance))],
    [3, () => damaged(bundle(...someAnchors(material, chance)), chance, material)],
    [3, () => Buffer.from(makeCase(7, id).bundle).toString("utf8").replaceAll("\0", "")],
  ])();
  const where = chance.weigh<Readonly<Record<string, unknown>>>([
    [12, { data: { "ca-bundle.crt": text } }],
    [1, { data: { "ca-bundle.crt": text, "other.txt": chance.pick(["", "x", material.first.keyPem]) } }],
    [1, { binaryData: { "ca-bundle.crt": base64(text) } }],
    [1, { data: { other: text } }],
    [1, { data: { "ca-bundle.crt": chance.pick([null, 5, text]) } }],
    [1, { data: { "ca-bundle.crt": text }, binaryData: { key: base64(material.first.keyPem) } }],
  ]);
  return { ...named("ConfigMap", "linkerd-identity-trust-roots"), ...where };
}

function someAnchors({ first, second, expiredAnchor, curveAnchor }: Material, chance: Random): Minted[] {
  const others = [expiredAnchor, curveAnchor, stranger].filter(() => chance.chance(0.15));
  const usual = chance.pick([[first], [first, second], [second], [second, first], [first, first]]);
  return chance.chance(0.1) ? [] : [...usual, ...others];
}

const stranger = anchor("nobody knows me");

function damaged(text: string, chance: Random, { first }: Material): string {
  return chance.pick([
    "",
    " \n",
    `${text}\n# by hand\n`,
    `# by hand\n${text}`,
    text.slice(0, chance.below(text.length + 1)),
    text.replaceAll("\n", "\r\n"),
    text.replace("\n", "\n  "),
    text.trimEnd(),
    `${text}${first.keyPem}`,
    `${first.keyPem}${text}`,
    text.replaceAll("-----\n-----", "----------"),
    `${text}${Buffer.from(first.keyPem).toString("base64")}`,
  ]);
}

function someIssuer(material: Material, chance: Random, id: number): AnyManifest {
  const { live, renewed, next, foreign, leafInstead, rsa, tooLong, expired, constrained } = material;
  const odd = makeCase(11, id);
  const [crt, key] = chance.weigh<() => readonly [string, string]>([
    [8, () => pair(chance.pick([live, renewed, next, foreign]))],
    [6, () => pair(chance.pick([leafInstead, rsa, tooLong, expired, constrained]))],
    [2, () => [renewed.pem, chance.pick([next.keyPem, "", "no key", renewed.pem])]],
    [2, () => [`${renewed.pem}${chance.pick([material.first.pem, next.pem, "text\n"])}`, renewed.keyPem]],
    [
      2,
      () =>
        pair(issuer(chance.pick([material.first, material.second]), chance.pick([{}, { key: live.key }]))),
    ],
    [4, () => [Buffer.from(odd.chain).toString("latin1"), Buffer.from(odd.key).toString("latin1")]],
    [1, () => ["", ""]],
  ])();
  const [crtName, keyName] = chance.pick([opaque, opaque, tls]);
  const plain = { [crtName]: crt, [keyName]: key };
  const encoded = Object.fromEntries(
    Object.entries(plain).map(([name, text]) => [name, Buffer.from(text, "latin1").toString("base64")]),
  );
  const where = chance.weigh<Readonly<Record<string, unknown>>>([
    [10, { data: encoded }],
    [2, { stringData: { [crtName]: live.pem, [keyName]: live.keyPem } }],
    [1, { data: { ...encoded, "ca.crt": base64(chance.pick([material.first, material.second]).pem) } }],
    [1, { data: { [crtName]: "no base64!" } }],
    [1, { data: wrapped(encoded) }],
  ]);
  const type = chance.pick([{}, {}, {}, { type: "kubernetes.io/tls" }, { type: "Opaque" }]);
  return { ...named("Secret", "linkerd-identity-issuer"), ...type, ...where };
}

const opaque = ["crt.pem", "key.pem"] as const;
const tls = ["tls.crt", "tls.key"] as const;
const pair = (one: Minted) => [one.pem, one.keyPem] as const;

function wrapped(data: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([key, text]) => [key, text.replace(/.{64}/g, "$&\n")]));
}

function named(kind: AnyManifest["kind"], name: string): AnyManifest {
  return { apiVersion: "v1", kind, metadata: { name, namespace: "linkerd" } };
}

function someMetadata(chance: Random): Readonly<Record<string, unknown>> {
  const rules = [
    "bundle-overlaps-previous,bundle-present",
    "issuer-chains-to-anchor",
    "anchor-in-use-kept",
    "no-rule",
  ];
  return chance.weigh<Readonly<Record<string, unknown>>>([
    [8, {}],
    [1, { labels: { team: "platform" } }],
    [1, { annotations: { "linkerd-certs.io/allow": chance.pick(rules), "linkerd-certs.io/reason": "test" } }],
    [0.3, { labels: { team: 5 } }],
  ]);
}
