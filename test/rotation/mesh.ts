import { anchor, day, issuer, type Minted } from "../certificates/index.ts";
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from "../cluster/control-plane.ts";
import type { Installation } from "../cluster/control-plane-objects.ts";
import { create, ensureNamespace, installLinkerd } from "../cluster/linkerd.ts";
import { rolledOut } from "../cluster/rollout.ts";
import type { Settings } from "./standin/settings.ts";
import { type StandIn, startStandIn } from "./standin/start-stand-in.ts";

/** An anchor and an issuer under it, valid on the machine's own clock: here time is real. */
export interface Authority {
  readonly anchor: Minted;
  readonly issuer: Minted;
}

export interface Mesh {
  readonly cp: ControlPlane;
  readonly standIn: StandIn;
  readonly old: Authority;
  stop(): Promise<void>;
}

export interface MeshOptions {
  /** How many Deployments, in namespaces of `perNamespace`; three by default. */
  readonly workloads?: number;
  readonly replicas?: number;
  readonly perNamespace?: number;
  readonly old?: Authority;
  readonly install?: Partial<Installation>;
  readonly settings?: Partial<Settings>;
  readonly controlPlane?: ControlPlaneOptions;
}

export function authority(name: string, anchorDays = 365, issuerDays = 90): Authority {
  const root = anchor(name, { notBefore: from(-30), notAfter: from(anchorDays) });
  return { anchor: root, issuer: issuerOf(root, issuerDays) };
}

export function issuerOf(root: Minted, days = 90): Minted {
  return issuer(root, { notBefore: from(-1), notAfter: from(days) });
}

const from = (days: number) => new Date(Date.now() + days * day);

/** A cluster with Linkerd, the stand-in, and Deployments that its injector has injected. */
export async function startMesh(options: MeshOptions = {}): Promise<Mesh> {
  const { old = authority("old"), settings, controlPlane } = options;
  const cp = await startControlPlane(controlPlane);
  try {
    await installLinkerd(cp, installation(old, options.install));
    const standIn = await startStandIn([{ cp }], settings);
    await addWorkloads(cp, options);
    const stop = async () => {
      await standIn.stop();
      await cp.stop();
    };
    return { cp, standIn, old, stop };
  } catch (error) {
    await cp.stop();
    throw error;
  }
}

export function installation(from: Authority, more: Partial<Installation> = {}): Installation {
  const { anchor: root, issuer: signs } = from;
  return { bundle: root.pem, issuer: { chainPem: signs.pem, keyPem: signs.keyPem }, ...more };
}

/** Deployments "app-0", "app-1" … in namespaces "shop-0" …, which the injector injects; all rolled out at the end. */
export async function addWorkloads(cp: ControlPlane, options: MeshOptions): Promise<void> {
  const { workloads = 3, replicas = 2, perNamespace = 20 } = options;
  const places = Array.from({ length: workloads }, (_, n) => {
    return { name: `app-${n}`, namespace: `shop-${Math.floor(n / perNamespace)}` };
  });
  for (const namespace of new Set(places.map((place) => place.namespace)))
    await ensureNamespace(cp, namespace);
  const each = async (work: (place: { name: string; namespace: string }) => Promise<void>) => {
    const left = places.values();
    await Promise.all(
      Array.from({ length: 12 }, async () => {
        for (const place of left) await work(place);
      }),
    );
  };
  await each((place) => create(cp, deployment(place, replicas)));
  // A hundredth of a second for each pod, on a machine that does other work as well ten times that.
  await each((place) => rolledOut(cp, place, 60_000 + workloads * replicas * 100));
}

/** A Deployment that asks for a proxy. */
export function deployment(metadata: { name: string; namespace: string }, replicas: number) {
  const labels = { app: metadata.name };
  return {
    ...{ apiVersion: "apps/v1", kind: "Deployment", metadata },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: { "linkerd.io/inject": "enabled" } },
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: [{ name: "app", image: "example.test/app:1" }],
        },
      },
    },
  };
}
