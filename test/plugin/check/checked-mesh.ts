import { after, before } from "node:test";
import { setTimeout } from "node:timers/promises";
import { anchor, bundle, day, issuer, type Minted, type Spoil, year } from "../../certificates/index.ts";
import { mustApi } from "../../cluster/api.ts";
import { type ControlPlane, startControlPlane } from "../../cluster/control-plane.ts";
import { inject, installLinkerd } from "../../cluster/linkerd.ts";
import { restart } from "../../cluster/rollout.ts";
import { type TestWorld, type TestWorldOptions, testWorld } from "../world.ts";

// The API server's clock is the real one, so certificates are dated from now.
const start = new Date();
const at = (ms: number) => new Date(start.getTime() + ms);

/** From and until, in milliseconds from now. */
export const dated = (from: number, until: number): Spoil => ({ notBefore: at(from), notAfter: at(until) });

export const root = anchor("root", dated(-30 * day, 10 * year));
export const former = anchor("former root", dated(-30 * day, 10 * year));
export const strange = anchor("strange root", dated(-30 * day, 10 * year));
export const sound = issuer(root, dated(-7 * day, year));

export interface CheckedMesh {
  /** There once the tests run. */
  readonly cp: ControlPlane;
  world(options?: TestWorldOptions): TestWorld;
  /** check -o short, without what differs from run to run. */
  short(
    ...more: readonly string[]
  ): Promise<{ readonly code: number; readonly stderr: string; readonly screen: string }>;
  patch(path: string, body: object): Promise<void>;
  /** Puts an issuer into the Secret; identity knows nothing of it. */
  writeIssuer(minted: Minted): Promise<void>;
  /** As writeIssuer, and identity starts anew with it. */
  putIssuer(minted: Minted): Promise<void>;
}

/** A real API server with a healthy mesh: Linkerd, shop/deploy/web (2) and shop/sts/db. For one `describe`. */
export function checkedMesh(): CheckedMesh {
  let cp: ControlPlane | undefined;
  before(async () => {
    cp = await startControlPlane();
    await installLinkerd(cp, {
      bundle: bundle(root),
      issuer: { chainPem: sound.pem, keyPem: sound.keyPem },
    });
    await inject(cp, { name: "web", namespace: "shop", bundle: bundle(root), replicas: 2 });
    await inject(cp, { name: "db", kind: "StatefulSet", namespace: "shop", bundle: bundle(root) });
    await fresh(cp);
  });
  after(() => cp?.stop());

  const mesh: CheckedMesh = {
    get cp() {
      if (cp === undefined) throw new Error("the control plane is up only while tests run");
      return cp;
    },
    world: (options = {}) => testWorld({ kubeconfig: mesh.cp.kubeconfig, now: new Date(), ...options }),
    async short(...more) {
      const { code, stdout, stderr } = await mesh.world().run("check", "-o", "short", ...more);
      return { code, stderr, screen: plain(stdout) };
    },
    async patch(path, body) {
      await mustApi(mesh.cp.api, "PATCH", path, body);
    },
    async writeIssuer({ pem, keyPem }) {
      await setTimeout(1100); // times have whole seconds
      const data = { "crt.pem": btoa(pem.trim()), "key.pem": btoa(keyPem.trim()) };
      await mesh.patch("/api/v1/namespaces/linkerd/secrets/linkerd-identity-issuer", { data });
    },
    async putIssuer(minted) {
      await mesh.writeIssuer(minted);
      await setTimeout(1100);
      await restart(mesh.cp, { name: "linkerd-identity", namespace: "linkerd" });
    },
  };
  return mesh;
}

/** Restarts the control plane in the second after the last write. */
export async function fresh(cp: ControlPlane): Promise<void> {
  await setTimeout(1100);
  for (const name of ["identity", "destination", "proxy-injector"])
    await restart(cp, { name: `linkerd-${name}`, namespace: "linkerd" });
}

/** A screen without what differs from run to run. */
export function plain(screen: string): string {
  const known = new Map<string, string>();
  return screen
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "TIME")
    .replace(/https:\/\/\S+rules\/README\.md/g, "RULES")
    .replace(/https:\/\/\S+docs\/check\.md/g, "CHECKS")
    .replace(/\b[0-9a-f]{8}\b/g, (fingerprint) => {
      if (!known.has(fingerprint)) known.set(fingerprint, `F${known.size + 1}`);
      return known.get(fingerprint) ?? "";
    });
}
