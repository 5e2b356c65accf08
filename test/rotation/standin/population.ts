import type { SecureContext } from "node:tls";
import type { Identity } from "./identity.ts";
import { contextOf, issueLeaf, type Leaf, type Lifetime } from "./leaf.ts";
import type { Party } from "./settings.ts";
import { type Anchors, accepts, type Issuer } from "./trust.ts";

/** A proxy that runs. What it trusts is settled at its start, its leaf is not. */
export interface Proxy {
  readonly uid: string;
  readonly cluster: string;
  /** "namespace/name". */
  readonly pod: string;
  readonly identityName: string;
  readonly anchors: Anchors;
  readonly identity: Pick<Identity, "signer">;
  readonly lifetime: () => Lifetime;
}

export interface Population {
  add(proxy: Proxy): void;
  remove(uid: string): void;
  /** Those that want a leaf, or another, ask identity; whoever was refused asks again at the next call. */
  renew(): void;
  /** Proxies alike in cluster, anchors and leaf, by what they are alike in; never an empty one. */
  readonly kinds: ReadonlyMap<string, readonly Member[]>;
  withoutLeaf(cluster: string): number;
  /** The proxy of that pod, as it is now. */
  find(cluster: string, pod: string): Member | undefined;
}

export interface Member {
  readonly proxy: Proxy;
  readonly leaf: Leaf;
  /** Made when it is first asked for. */
  context(): SecureContext;
  party(): Party;
}

interface Held extends Proxy {
  member: Member | undefined;
  at: number;
}

/** All proxies of all clusters. `appeared` is told of every kind that was not there before. */
export function population(appeared: (kind: string) => void): Population {
  const all = new Map<string, Held>();
  const kinds = new Map<string, Member[]>();
  const kindOf = ({ proxy, leaf }: Member) => `${proxy.cluster}|${proxy.anchors.id}|${leaf.issuer.id}`;

  const leave = (held: Held): void => {
    if (held.member === undefined) return;
    const kind = kindOf(held.member);
    const members = kinds.get(kind) ?? [];
    const last = members.pop();
    if (last !== undefined && last !== held.member) {
      members[held.at] = last;
      const moved = all.get(last.proxy.uid);
      if (moved !== undefined) moved.at = held.at;
    }
    if (members.length === 0) kinds.delete(kind);
    held.member = undefined;
  };

  const join = (held: Held, member: Member): void => {
    const kind = kindOf(member);
    const members = kinds.get(kind) ?? [];
    held.member = member;
    held.at = members.push(member) - 1;
    if (members.length > 1) return;
    kinds.set(kind, members);
    appeared(kind);
  };

  const ask = (held: Held, now: number): void => {
    const issuer = held.identity.signer(`${held.uid} ${Math.floor(now / 1000)}`);
    if (issuer === undefined || !accepted(held.anchors, issuer)) return;
    leave(held);
    join(held, member(held, issueLeaf(issuer, now, held.lifetime())));
  };

  return {
    kinds,
    add(proxy) {
      const held: Held = { ...proxy, member: undefined, at: 0 };
      all.set(proxy.uid, held);
      ask(held, Date.now());
    },
    remove(uid) {
      const held = all.get(uid);
      if (held === undefined) return;
      leave(held);
      all.delete(uid);
    },
    renew() {
      const now = Date.now();
      for (const held of all.values()) {
        if (held.member === undefined || held.member.leaf.renewAt <= now) ask(held, now);
      }
    },
    find: (cluster, pod) =>
      [...all.values()].find((held) => held.cluster === cluster && held.pod === pod)?.member,
    withoutLeaf: (cluster) =>
      [...all.values()].filter((held) => held.cluster === cluster && held.member === undefined).length,
  };
}

const answers = new Map<string, boolean>();

/** Whether a proxy with these anchors takes a leaf from this issuer. */
export function accepted(anchors: Anchors, issuer: Issuer): boolean {
  const asked = `${anchors.id}|${issuer.id}`;
  const answer = answers.get(asked) ?? accepts(anchors, issuer);
  answers.set(asked, answer);
  return answer;
}

function member(proxy: Proxy, leaf: Leaf): Member {
  let context: SecureContext | undefined;
  return {
    proxy,
    leaf,
    context: () => (context ??= contextOf(proxy.identityName, proxy.anchors, leaf, proxy.lifetime())),
    party: () => ({
      cluster: proxy.cluster,
      pod: proxy.pod,
      trusts: proxy.anchors.names,
      leafOf: leaf.issuer.label,
    }),
  };
}
