import { createHash } from "node:crypto";
import { Enums, Models, Serialize, Spec } from "@cyclonedx/cyclonedx-library";
import type { Package } from "./bundled.ts";

export interface Product {
  readonly version: string;
  readonly commit: string;
  readonly at: Date;
  readonly node: string;
  readonly packages: readonly Package[];
  /** The programs and archives: names and SHA-256, in lower case. */
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
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
  for (const { name, sha256 } of product.files) {
    const file = new Models.Component(Enums.ComponentType.File, name);
    file.bomRef.value = `file:${name}`;
    file.hashes.set(Enums.HashAlgorithm["SHA-256"], sha256);
    program.components.add(file);
  }
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

// A UUID of what is described, so that the same release has the same.
function serialOf({ version, commit, files }: Product): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([version, commit, files]))
    .digest("hex");
  const variant = ((Number.parseInt(hash.slice(16, 17), 16) & 3) | 8).toString(16);
  const groups = [hash.slice(0, 8), hash.slice(8, 12), `8${hash.slice(13, 16)}`];
  return `urn:uuid:${[...groups, `${variant}${hash.slice(17, 20)}`, hash.slice(20, 32)].join("-")}`;
}
