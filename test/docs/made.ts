import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { exitCodes } from "../../plugin/exit-codes.ts";
import { issuerSecret, linkerdConfig, trustRoots } from "../cluster/control-plane-objects.ts";
import type { Trust } from "./ailing.ts";
import type { Desk } from "./desk.ts";

const making = /^step certificate create \S+ (\S+) (\S+)(?:.*\\\n)*.*/gm;

/** The files that step makes when these commands are run. */
export function madeBy(script: string): readonly string[] {
  return [...script.matchAll(making)].flatMap(([, certificate = "", key = ""]) => [certificate, key]);
}

/** The command of a page that makes this file. */
export function makerOf(file: string, page: string): string {
  const found = [...page.matchAll(making)].find(([, certificate]) => certificate === file);
  if (found === undefined) throw new Error(`the page says nowhere how to make ${file}`);
  return found[0];
}

/** A mesh of the certificates that lie in the folder under the names that the page gives them. */
export function trustIn(dir: string): Trust {
  const text = (name: string) => readFileSync(join(dir, name), "utf8");
  return { bundle: text("ca.crt"), chain: text("issuer.crt"), key: text("issuer.key") };
}

/** What the plugin finds wrong with such an installation of Linkerd, line by line: "× mesh.yaml:3 … [rule]". */
export async function wrongIn(desk: Desk, { bundle, chain, key }: Trust): Promise<string> {
  const issuer = { chainPem: chain, keyPem: key, anchorPem: bundle };
  const installation = { bundle, issuer, scheme: "kubernetes.io/tls" } as const;
  const objects = [trustRoots, issuerSecret, linkerdConfig].map((object) => stringify(object(installation)));
  writeFileSync(join(desk.dir, "mesh.yaml"), objects.join("---\n"));
  const words = "-f mesh.yaml --offline --ignore key-not-in-manifest --fail-on warning -o short";
  const { code, output } = await desk.run(`kubectl linkerd-certs validate ${words}`);
  if (code !== (output === "" ? exitCodes.ok : exitCodes.found)) throw new Error(output);
  return output;
}
