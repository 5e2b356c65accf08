import { type TreeInput, type TreeNode, trustTree } from "../../trust/tree.ts";
import { type Certificate, type Fingerprint, readBundle } from "../../trust/x509/index.ts";
import type { Material } from "./open.ts";

/** What was looked at, as a tree, and what is to be said of it. */
export interface Inspection {
  /** "ca.crt", 'context "kind-dev", https://127.0.0.1:6443'. */
  readonly title: string;
  readonly at: Date;
  readonly tree: readonly TreeNode[];
  /** Where each certificate stands: "ca.crt, line 1", "12 proxies". */
  readonly places: ReadonlyMap<Fingerprint, readonly string[]>;
  readonly remarks: readonly Remark[];
}

export interface Remark {
  readonly place: string;
  readonly line?: number;
  readonly text: string;
  /** note: good to know. warning: Linkerd sees it otherwise. problem: it could not be read. */
  readonly level: "note" | "warning" | "problem";
}

/** What files and objects hold. */
export function inspectMaterials(
  title: string,
  materials: readonly Material[],
  tree: Omit<TreeInput, "certificates"> & { readonly more?: readonly Certificate[] },
): Inspection {
  const found = materials.flatMap((material) => material.found);
  const places = new Map<Fingerprint, string[]>();
  for (const { certificate, source, line } of found) {
    const place = `${source}, line ${line}`;
    places.set(certificate.fingerprint, [...(places.get(certificate.fingerprint) ?? []), place]);
  }
  const certificates = [...found.map(({ certificate }) => certificate), ...(tree.more ?? [])];
  return {
    title,
    at: tree.now,
    tree: trustTree({ ...tree, certificates }),
    places,
    remarks: insistOnSomething(materials.flatMap(remarksOn), found.length),
  };
}

// A pipe through which nothing came is no answer.
function insistOnSomething(remarks: readonly Remark[], certificates: number): readonly Remark[] {
  if (certificates > 0 || !remarks.every(({ text }) => text === nothing)) return remarks;
  return remarks.map((one) => ({ ...one, level: "problem" }));
}

const nothing = "holds no certificate";

function remarksOn(material: Material): Remark[] {
  const { source, form, privateKeys, others, unreadable, found } = material;
  const place = source.name;
  const remark = (level: Remark["level"], text: string, line?: number): Remark => ({
    place,
    text,
    level,
    ...(line === undefined ? {} : { line }),
  });
  const all = [
    ...unreadable.map(({ line, what }) => remark("problem", what, line)),
    ...privateKeys.map(({ line, what }) => remark("note", `${what}: a private key, not shown`, line)),
    ...others.map(({ line, what }) => remark("note", `${what}, which is no certificate`, line)),
    ...(form === "DER" ? [remark("note", "is binary (DER); Linkerd reads PEM only")] : []),
    ...(form === "PEM" && found.length > 0 ? asLinkerdReads(material, remark) : []),
  ];
  return all.length === 0 && found.length === 0 ? [remark("note", nothing)] : all;
}

// As a bundle or as a chain, Linkerd reads both in the same way.
function asLinkerdReads(
  { source, unreadable }: Material,
  remark: (level: Remark["level"], text: string, line?: number) => Remark,
): Remark[] {
  const { refused, dropped, proxy, untidy } = readBundle(source.bytes);
  const known = new Set(unreadable.map(({ line }) => line));
  return [
    ...(refused === undefined ? [] : [remark("warning", `Linkerd would refuse it: ${refused}`)]),
    ...dropped
      .filter(({ line }) => !known.has(line))
      .map(({ line, what }) => remark("warning", `Linkerd would not read on from here: ${what}`, line)),
    ...(proxy.refused === undefined ? [] : [remark("warning", `proxies would refuse it: ${proxy.refused}`)]),
    ...(proxy.skipped === 0
      ? []
      : [remark("warning", `proxies would pass over ${proxy.skipped} of its certificates`)]),
    ...untidy.map((text) => remark("note", text)),
  ];
}
