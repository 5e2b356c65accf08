import { createHash } from "node:crypto";
import { Enums, Models, Serialize, Spec } from "@cyclonedx/cyclonedx-library";
import type { Package } from "./packages.ts";

export interface Product {
  readonly version: string;
  readonly commit: string;
  readonly at: Date;
  readonly node: string;
  readonly packages: readonly Package[];
  readonly files: readonly ReleasedFile[];
}

export interface ReleasedFile {
  readonly name: string;
  /** In lower case. */
  readonly sha256: string;
  /** What of the packages is in it, and Node with them; undefined where no program is. */
  readonly packages?: readonly Package[];
  /** What an image stands on: it brings packages of its own, which its publisher lists. */
  readonly bases?: readonly Base[];
}

/** An image that another one is made of, and the digest of its manifest where it is known. */
export interface Base {
  readonly name: string;
  readonly digest: string | undefined;
}

const repository = "https://github.com/linkerd-certs/linkerd-certs";

/** What the program is made of, as CycloneDX 1.6 in JSON: only what is bundled, and Node. */
export function writeSbom(product: Product): string {
  const bom = new Models.Bom({ version: 1, serialNumber: serialOf(product) });
  bom.metadata.timestamp = product.at;
  const program = component("linkerd-certs", product.version, "Apache-2.0", Enums.ComponentType.Application);
  program.purl = `pkg:github/linkerd-certs/linkerd-certs@v${product.version}`;
  program.externalReferences.add(new Models.ExternalReference(repository, Enums.ExternalReferenceType.VCS));
  program.properties.add(new Models.Property("linkerd-certs:commit", product.commit));
  bom.metadata.component = program;

  const node = component("node", product.node, "MIT", Enums.ComponentType.Platform);
  node.purl = `pkg:generic/node@${product.node}`;
  const packages = product.packages.map((one) => {
    const made = component(one.name, one.version, one.licence, Enums.ComponentType.Library);
    made.purl = `pkg:npm/${one.name.replace("@", "%40")}@${one.version}`;
    if (one.homepage !== undefined)
      made.externalReferences.add(
        new Models.ExternalReference(one.homepage, Enums.ExternalReferenceType.Website),
      );
    return made;
  });
  for (const one of [...packages, node]) {
    bom.components.add(one);
    program.dependencies.add(one.bomRef);
  }
  for (const { name, sha256, packages: inside, bases = [] } of product.files) {
    const file = new Models.Component(Enums.ComponentType.File, name);
    file.bomRef.value = `file:${name}`;
    file.hashes.set(Enums.HashAlgorithm["SHA-256"], sha256);
    program.components.add(file);
    const held = new Set(inside?.map((one) => `${one.name}@${one.version}`));
    for (const one of packages) if (held.has(`${one.bomRef.value}`)) file.dependencies.add(one.bomRef);
    if (inside !== undefined) file.dependencies.add(node.bomRef);
    for (const base of bases.map(container)) {
      bom.components.add(base);
      file.dependencies.add(base.bomRef);
    }
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function component(
  name: string,
  version: string,
  licence: string,
  type: Enums.ComponentType,
): Models.Component {
  const made = new Models.Component(type, name, { version });
  made.bomRef.value = `${name}@${version}`;
  made.licenses.add(new Models.SpdxLicense(licence));
  return made;
}

function container({ name, digest }: Base): Models.Component {
  const made = new Models.Component(Enums.ComponentType.Container, name);
  made.bomRef.value = `image:${name}${digest === undefined ? "" : `@${digest}`}`;
  if (digest !== undefined) made.hashes.set(Enums.HashAlgorithm["SHA-256"], digest.replace("sha256:", ""));
  return made;
}

// A UUID of what is described, so that the same release has the same.
function serialOf({ version, commit, files }: Product): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([version, commit, files.map(({ name, sha256 }) => [name, sha256])]))
    .digest("hex");
  const variant = ((Number.parseInt(hash.slice(16, 17), 16) & 3) | 8).toString(16);
  const groups = [hash.slice(0, 8), hash.slice(8, 12), `8${hash.slice(13, 16)}`];
  return `urn:uuid:${[...groups, `${variant}${hash.slice(17, 20)}`, hash.slice(20, 32)].join("-")}`;
}
