// Views for tests: a healthy mesh in which nothing has begun, unless a test says otherwise.
import type { AnchorGoal } from "../../../trust/rotation/goal.ts";
import type {
  Component,
  LiveIssuer,
  ProxyGroup,
  Rollout,
  RotationView,
  Workload,
} from "../../../trust/rotation/view.ts";
import type { Certificate } from "../../../trust/x509/index.ts";
import * as certificates from "../../certificates/index.ts";
import { after, hour, keyPair, type Minted } from "../../certificates/index.ts";
import { opened } from "../opened.ts";

const anchor = (name: string) => certificates.anchor(name, { key: keyPair("P-256", name) });
const issuer = (of: Minted, name: string) => certificates.issuer(of, { key: keyPair("P-256", name) });
export const minted = { old: anchor("old"), next: anchor("next"), third: anchor("third") };
export const [old, next, third] = [opened(minted.old), opened(minted.next), opened(minted.third)] as const;
export const issuers = {
  old: opened(issuer(minted.old, "issuer of old")),
  next: opened(issuer(minted.next, "issuer of next")),
  third: opened(issuer(minted.third, "issuer of third")),
};

export const longAgo = after(-48 * hour);
/** Minutes before the tests' moment. */
export const ago = (minutes: number): Date => after(-minutes * 60_000);

export const rolledOut: Rollout = { state: "done", desired: 1, ready: 1 };

export const goal: AnchorGoal = {
  kind: "anchor",
  incoming: [next],
  outgoing: [old],
  leaves: "restart",
  lazy: false,
};

export const component = (name: string, oldestPodAt = ago(24 * 60)): Component => ({
  name,
  workload: `deploy/linkerd-${name}`,
  oldestPodAt,
  rollout: rolledOut,
});

export const controlPlane = (oldestPodAt?: Date): Component[] =>
  ["identity", "proxy-injector", "destination"].map((name) => component(name, oldestPodAt));

export const group = (anchors: readonly Certificate[], made = ago(24 * 60)): ProxyGroup => ({
  anchors,
  proxies: 1,
  oldestAt: made,
  newestAt: made,
});

export const workload = (
  id: string,
  proxies: readonly ProxyGroup[],
  more: Partial<Workload> = {},
): Workload => ({
  id,
  namespace: id.split("/")[0] ?? "",
  restartable: true,
  rollout: rolledOut,
  proxies,
  ...more,
});

export const live = (
  certificate: Certificate,
  changedAt = longAgo,
  more: Partial<LiveIssuer> = {},
): LiveIssuer => ({
  certificate,
  intermediates: [],
  changedAt,
  inUse: { since: changedAt, evidence: "IssuerUpdated" },
  ...more,
});

/** A mesh under the old anchor. */
export const view = (more: Partial<RotationView> = {}): RotationView => ({
  now: certificates.now,
  bundle: { anchors: [old], changedAt: longAgo },
  issuer: live(issuers.old),
  controlPlane: controlPlane(),
  workloads: [workload("emojivoto/deploy/web", [group([old])])],
  leafLifetimeMs: 24 * hour + 20_000,
  ways: { bundle: { by: "us" }, issuer: { by: "us" } },
  ...more,
});
