import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mustApi } from "../cluster/api.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";
import type { ConfigMap } from "../cluster/objects.ts";
import { objectPath } from "../cluster/paths.ts";
import { begin, type Ended, type Working } from "./command.ts";
import { type Authority, authority, type Mesh } from "./mesh.ts";
import type { Report } from "./standin/settings.ts";
import type { StandIn } from "./standin/start-stand-in.ts";

/** An anchor that a mesh is to move to, in files as a person has them. */
export interface Incoming {
  readonly authority: Authority;
  /** A folder of the test's own, gone with its control plane. */
  readonly dir: string;
  /** What the command is told: anchor and its key, from which it issues. */
  readonly words: readonly string[];
}

export function incoming(cp: ControlPlane, name = "new"): Incoming {
  const dir = mkdtempSync(join(cp.dir, `${name}-`));
  const made = authority(name);
  writeFileSync(join(dir, "ca.crt"), made.anchor.pem);
  writeFileSync(join(dir, "ca.key"), made.anchor.keyPem, { mode: 0o600 });
  const words = ["--anchor", join(dir, "ca.crt"), "--ca-key", join(dir, "ca.key")];
  return { authority: made, dir, words };
}

/** `rotate anchor`, begun. */
export function rotating(
  mesh: Pick<Mesh, "cp">,
  to: Incoming,
  more: readonly string[] = [],
  kubeconfig = mesh.cp.kubeconfig,
): Working {
  return begin(["rotate", "anchor", ...to.words, "--yes", "--timeout", "90s", ...more], {
    kubeconfig,
    dir: mesh.cp.dir,
  });
}

/** It ended well; else the error says all that it said. */
export function assertDone({ code, told, stderr }: Ended): void {
  const last = told.slice(-12).map((line) => JSON.stringify(line));
  assert.equal(code, 0, `exit code ${code}\n${stderr}\n${last.join("\n")}`);
}

/** All that anybody trusts and signs with is of the new anchor, and nobody met a closed door on the way. */
export async function assertRenewed(
  mesh: Pick<Mesh, "cp" | "standIn">,
  to: Authority,
  unmet?: RegExp,
): Promise<Report> {
  const roots = objectPath("ConfigMap", "linkerd", "linkerd-identity-trust-roots");
  const { data } = await mustApi<ConfigMap>(mesh.cp.api, "GET", roots);
  assert.equal(data["ca-bundle.crt"]?.trim(), to.anchor.pem.trim(), "the bundle holds the new anchor alone");
  // The last old pod may be on its way out.
  const short = to.anchor.fingerprint.slice(0, 8);
  const report = await mesh.standIn.until("everybody trusts the new anchor alone", ({ clusters }) =>
    Object.values(clusters).every(({ kinds }) =>
      kinds.every(({ trusts }) => trusts.length === 1 && trusts[0]?.includes(short)),
    ),
  );
  for (const { kinds, withoutLeaf, held } of Object.values(report.clusters)) {
    assert.equal(new Set(kinds.map(({ leafOf }) => leafOf)).size, 1, "one issuer signs for all");
    assert.deepEqual([withoutLeaf, held], [0, {}]);
  }
  await assertUnbroken(mesh.standIn, unmet);
  return report;
}

/** Of all handshakes since it was reset none failed, and there were many. Pods that never call one another are left out. */
export async function assertUnbroken(standIn: StandIn, unmet?: RegExp): Promise<void> {
  const { handshakes } = await standIn.report();
  const failures = handshakes.failures.filter(
    ({ client, server }) => !(unmet?.test(client.pod) && unmet.test(server.pod)),
  );
  assert.deepEqual(failures, []);
  assert.ok(handshakes.tried > 20, `only ${handshakes.tried} handshakes were tried`);
}

/** How often each Deployment's template was changed since it was made: its restarts, by "namespace/name". */
export async function restarts(cp: ControlPlane): Promise<ReadonlyMap<string, number>> {
  const { items } = await mustApi<{
    items: { metadata: { namespace: string; name: string; generation: number } }[];
  }>(cp.api, "GET", "/apis/apps/v1/deployments");
  return new Map(
    items.map(({ metadata: { namespace, name, generation } }) => [`${namespace}/${name}`, generation - 1]),
  );
}
