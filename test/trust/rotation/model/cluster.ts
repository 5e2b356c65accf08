// What a model of a mesh is made of. Mutable, for time passes in it; times are milliseconds.
import { after, now } from "../../../certificates/index.ts";
import { type Issuer, issuers, type Name } from "./pki.ts";
import { randomFrom } from "./random.ts";

export interface World {
  now: number;
  readonly random: () => number;
  readonly clusters: readonly Cluster[];
  /** What went wrong for proxies so far, with when. */
  readonly troubles: string[];
}

export interface Cluster {
  readonly name: string;
  bundle: readonly Name[];
  bundleAt: number;
  /** What the bundle was before: a pod made in the second of the write may have read it. */
  before: readonly Name[];
  secret: { readonly issuer: Issuer; readonly at: number } | undefined;
  works: Work[];
  events: Said[];
  /** What the guard saw in the Secret, and what the executor recorded. */
  readonly seen: { readonly issuer: Issuer; readonly from: number }[];
  recorded: { readonly fingerprint: string; readonly since: Date }[];
  injects: { readonly names: readonly Name[]; readonly at: number } | undefined;
  /** Identity misses the next change of the Secret (linkerd2#15109). */
  misses: boolean;
  /** The operator cannot see it now. */
  unseen: boolean;
}

export type Role = "identity" | "proxy-injector" | "destination" | "workload";
export type Kind = "deploy" | "recreate" | "on-delete" | "bare-pod" | "job";

export interface Work {
  readonly id: string;
  readonly role: Role;
  readonly kind: Kind;
  paused: boolean;
  /** New pods do not become ready. */
  broken: boolean;
  replicas: number;
  generation: number;
  generationAt: number;
  readonly pods: Set<Pod>;
}

export interface Pod {
  readonly madeAt: number;
  readonly generation: number;
  readonly broken: boolean;
  /** The anchors of its proxy. */
  names: readonly Name[];
  leaf?: Leaf;
  readySince?: number;
  /** It is on its way out, and gone by then. */
  endsAt?: number;
  /** Identity: what it signs with. */
  signs?: Issuer;
  /** Identity: a change of the Secret that the kubelet brings then. */
  update?: { readonly issuer: Issuer; readonly at: number };
  /** Injector: the bundle in its mounted file, and when the kubelet brings the next. */
  file?: readonly Name[];
  fileAt?: number;
}

export interface Leaf {
  readonly of: Name;
  readonly renewAt: number;
  readonly endsAt: number;
}

export interface Said {
  readonly pod: Pod;
  readonly reason: "IssuerUpdated" | "IssuerUpdateSkipped";
  readonly firstAt: number;
  lastAt: number;
  count: number;
}

export const second = 1000;
export const minute = 60 * second;
export const leafLife = 60 * minute + 20 * second;
export const grace = 30 * second;

/** The API server's clock knows whole seconds. */
export const seconds = (at: number): Date => new Date(Math.floor(at / second) * second);

export interface Start {
  readonly seed: number;
  readonly clusters: number;
  readonly identities: number;
  readonly injectors: number;
  readonly works: readonly { readonly kind: Kind; readonly replicas: number; readonly paused: boolean }[];
}

/** Meshes in which all is well: one anchor, its issuer, and everything meshed holds leaves of it. */
export function world(start: Start): World {
  const random = randomFrom(start.seed);
  const clusters = ["east", "west", "north"].slice(0, start.clusters);
  return { now: now.getTime(), random, troubles: [], clusters: clusters.map((name) => cluster(name, start)) };
}

function cluster(name: string, { identities, injectors, works }: Start): Cluster {
  const [issuer] = issuers.old;
  const at = after(-30 * minute).getTime();
  const own = (role: Role, replicas: number) => work(`linkerd-${role}`, role, "deploy", replicas, at, issuer);
  return {
    name,
    bundle: ["old"],
    bundleAt: at - minute,
    before: ["old"],
    secret: { issuer, at: at - minute },
    works: [
      // Who comes before identity has been served before identity takes up anything in the same second.
      own("destination", 1),
      ...works.map(({ kind, replicas, paused }, i) => ({
        ...work(`ns${i % 2}/${kind}/w${i}`, "workload", kind, kind === "bare-pod" ? 1 : replicas, at, issuer),
        paused,
      })),
      own("identity", identities),
      own("proxy-injector", injectors),
    ],
    events: [],
    seen: [{ issuer, from: at - minute }],
    recorded: [],
    injects: undefined,
    misses: false,
    unseen: false,
  };
}

function work(id: string, role: Role, kind: Kind, replicas: number, at: number, issuer: Issuer): Work {
  const pods = Array.from({ length: replicas }, (): Pod => {
    const leaf = { of: issuer.of, renewAt: at + leafLife * 0.7, endsAt: at + leafLife };
    return {
      madeAt: at,
      generation: 1,
      broken: false,
      names: ["old"],
      leaf,
      readySince: at,
      ...(role === "identity" ? { signs: issuer } : {}),
      ...(role === "proxy-injector" ? { file: ["old"] as const } : {}),
    };
  });
  return {
    id,
    role,
    kind,
    paused: false,
    broken: false,
    replicas,
    generation: 1,
    generationAt: at,
    pods: new Set(pods),
  };
}
