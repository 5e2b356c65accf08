// A mesh that lives: time passes, pods are made anew, containers start again, nobody records a write. The
// rules see objects and pods; the model knows who has read what. Where the model's mesh is whole and a write
// passes without a word, it is whole after it.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ConfigMap } from "../../trust/gather/objects.ts";
import { anchor, day, hour, issuer, type Minted, now, second } from "../certificates/index.ts";
import { judged, root, type State } from "./facts.ts";
import { trustRoots, written } from "./objects.ts";
import { controlPlanePod, identityPod, pod } from "./pods.ts";

const anchors = { root, next: anchor("next root") };
type Name = keyof typeof anchors;
const names = Object.keys(anchors) as Name[];
const issuers: Readonly<Record<Name, readonly Minted[]>> = {
  root: [issuer(root), issuer(root)],
  next: [issuer(anchors.next), issuer(anchors.next)],
};

type Step =
  | { readonly wait: number }
  | { readonly bundle: readonly Name[]; readonly recorded: boolean }
  | { readonly issuer: Name; readonly which: number }
  /** Pods made anew; `late`: injected or started with what was there before. */
  | Anew
  /** Containers of the same pods start again, with the files that they had. */
  | { readonly again: readonly Who[] };

interface Anew {
  readonly anew: readonly Who[];
  readonly late: boolean;
}

type Who = "identity" | "destination" | "web" | "db";

interface Running {
  readonly createdAt: Date;
  readonly startedAt: Date;
  /** The anchors that it has read, or was injected with. */
  readonly knows: readonly Name[];
}

interface Mesh {
  readonly now: Date;
  readonly bundle: readonly Name[];
  readonly before: readonly Name[];
  readonly changedAt: Date;
  /** Both of them as an object, which may not tell. */
  readonly object: ConfigMap;
  /** What was written into the Secret since when, newest last. */
  readonly issuers: readonly { readonly of: Name; readonly certificate: Minted; readonly from: Date }[];
  readonly pods: Readonly<Record<Who, Running>>;
}

const leafLife = day + 20 * second;
const people: readonly Who[] = ["identity", "destination", "web", "db"];

function start(): Mesh {
  const at = new Date(written.getTime() + second);
  const running = { createdAt: at, startedAt: at, knows: ["root"] } satisfies Running;
  return {
    now,
    bundle: ["root"],
    before: ["root"],
    changedAt: written,
    object: trustRoots([root]),
    issuers: [{ of: "root", certificate: issuers.root[0] as Minted, from: written }],
    pods: { identity: running, destination: running, web: running, db: running },
  };
}

/** What is wrong with the mesh, as nobody in it can see at once. */
function troubles({ now, bundle, issuers, pods }: Mesh): string[] {
  const signing = issuers.at(-1)?.of ?? "root";
  const inUse = (one: Running) => {
    const since = Math.max(one.startedAt.getTime(), now.getTime() - leafLife);
    return issuers.filter((_, i) => (issuers[i + 1]?.from ?? now).getTime() > since).map(({ of }) => of);
  };
  return [
    ...(bundle.includes(signing) ? [] : ["identity would not start again"]),
    ...(pods.identity.knows.includes(signing) ? [] : ["identity skips the issuer"]),
    ...people.filter((who) => !pods[who].knows.includes(signing)).map((who) => `${who} refuses new leaves`),
    ...people
      .filter((who) => inUse(pods[who]).some((of) => !bundle.includes(of)))
      .map((who) => `new pods refuse the leaf of ${who}`),
  ];
}

function stateOf({ now, object, issuers, pods }: Mesh): State {
  const { identity, destination, web, db } = pods;
  const held = ({ knows, ...times }: Running) => ({ ...times, bundle: knows.map((name) => anchors[name]) });
  return {
    now,
    bundle: object,
    ...(issuers.length === 0 ? {} : { issuer: issuers.at(-1)?.certificate }),
    mesh: [
      identityPod({ createdAt: identity.createdAt, startedAt: identity.startedAt }),
      controlPlanePod("destination", { createdAt: destination.createdAt, startedAt: destination.startedAt }),
      pod(held(web)),
      pod({ ...held(db), owner: ["statefulset", "db"] }),
    ],
    seen: issuers.map(({ certificate, from }) => [certificate, from] as const),
  };
}

function bundleOf(names: readonly Name[], at: Date, recorded: boolean): ConfigMap {
  const object = trustRoots(
    names.map((name) => anchors[name]),
    at,
  );
  const { managedFields: _, ...metadata } = object.metadata ?? {};
  return recorded ? object : { ...object, metadata };
}

function follow(mesh: Mesh, step: Step): Mesh {
  const { now, pods } = mesh;
  if ("wait" in step) return { ...mesh, now: new Date(now.getTime() + step.wait) };
  if ("bundle" in step) {
    const object = bundleOf(step.bundle, now, step.recorded);
    return { ...mesh, bundle: step.bundle, before: mesh.bundle, changedAt: now, object };
  }
  if ("issuer" in step) {
    const certificate = issuers[step.issuer][step.which] as Minted;
    return { ...mesh, issuers: [...mesh.issuers, { of: step.issuer, certificate, from: now }] };
  }
  if ("again" in step) {
    const again = step.again.map((who) => [who, { ...pods[who], startedAt: now }] as const);
    return { ...mesh, pods: { ...pods, ...Object.fromEntries(again) } };
  }
  const anew = step.anew.map((who) => {
    const knows = step.late && mayBeLate(mesh, who) ? mesh.before : mesh.bundle;
    return [who, { createdAt: now, startedAt: now, knows }] as const;
  });
  return { ...mesh, pods: { ...pods, ...Object.fromEntries(anew) } };
}

// Linkerd's own pods may read the older file in the second of the write; the injector for as long as it likes.
function mayBeLate({ now, changedAt }: Mesh, who: Who): boolean {
  return changedAt >= now || who === "web" || who === "db";
}

const some = fc.oneof(
  { weight: 2, arbitrary: fc.constant([...people]) },
  fc.constant<Who[]>(["web", "db"]),
  fc.subarray([...people], { minLength: 1 }),
);
const contents = fc.oneof(
  { weight: 2, arbitrary: fc.constant([...names]) },
  fc.subarray([...names], { minLength: 1 }),
);
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ wait: fc.constantFrom(second, hour, 12 * hour, 25 * hour) }),
  fc.record({ bundle: contents, recorded: usually(true) }),
  fc.record({ issuer: fc.constantFrom(...names), which: fc.constantFrom(0, 1) }),
  fc.record({ anew: some, late: usually(false) }),
  fc.record({ again: some }),
);

function usually(value: boolean): fc.Arbitrary<boolean> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant(value) }, fc.constant(!value));
}

test("a mesh that is whole stays whole, whatever the gate lets through without a word", () => {
  const passed = { bundle: 0, issuer: 0, dropped: 0, moved: 0 };
  fc.assert(
    fc.property(fc.array(steps, { minLength: 10, maxLength: 40, size: "max" }), (story) => {
      let mesh = start();
      for (const step of story) {
        const next = follow(mesh, step);
        if ("bundle" in step || "issuer" in step) {
          const { allowed, warnings } = judged(stateOf(mesh), writeOf(step, next));
          if (!allowed) continue;
          if (troubles(mesh).length === 0 && warnings.length === 0) {
            passed[kindOf(step, mesh)]++;
            assert.deepEqual(troubles(next), []);
          }
        }
        mesh = next;
      }
    }),
    { numRuns: 600 },
  );
  // Where no rotation gets anywhere, nothing has been asked.
  for (const [kind, times] of Object.entries(passed)) assert.ok(times > 10, `${kind}: ${times}`);
});

function writeOf(step: Step, { object, issuers }: Mesh): State {
  return "bundle" in step ? { bundle: object } : { issuer: issuers.at(-1)?.certificate };
}

function kindOf(step: Step, mesh: Mesh): "bundle" | "issuer" | "dropped" | "moved" {
  if ("issuer" in step) return step.issuer === mesh.issuers.at(-1)?.of ? "issuer" : "moved";
  return "bundle" in step && step.bundle.length < mesh.bundle.length ? "dropped" : "bundle";
}
