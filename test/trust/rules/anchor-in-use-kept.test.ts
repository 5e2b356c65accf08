// https://github.com/linkerd/linkerd2/issues/4287: the old anchor was removed before all leaves had
// been issued anew, and the mesh was partly down for twelve minutes.
import rule from "../../../trust/rules/anchor-in-use-kept.ts";
import { after, anchor, day, hour, issuer, type Minted, second } from "../../certificates/index.ts";
import { called, change, facts, unseen } from "../facts.ts";
import { identityPod, pod } from "../pods.ts";
import { testRule } from "./test-rule.ts";

const old = anchor("old root");
const next = anchor("next root");
const oldIssuer = issuer(old, { name: "old issuer" });
const nextIssuer = issuer(next, { name: "next issuer" });
const renewed = anchor("old root", { key: old.key, notAfter: after(300 * day) });
const spare = anchor("spare root", { notBefore: after(-hour) });
const cross = issuer(next, { name: "old root", key: old.key, basicConstraints: { ca: true } });
const ended = anchor("ended", { notAfter: after(-second) });
const endingNow = anchor("ending now", { notAfter: after(0) });
const lifetime = day + 20 * second;

/** A rotation as far as the new issuer, written so long ago; the oldest pod started so long ago. */
function rotation(reissued: number, oldest: number) {
  return {
    bundle: [old, next],
    issuer: nextIssuer,
    seen: [[oldIssuer, after(-20 * day)] as const, [nextIssuer, after(-reissued)] as const],
    mesh: [
      identityPod({ startedAt: after(-second) }),
      pod({ bundle: [old, next], startedAt: after(-oldest) }),
    ],
  };
}

const drop = { bundle: [next] };
const says = (one: Minted) =>
  `leaves that running proxies hold may chain to anchor ${called(one)}, which the write drops`;

testRule(rule, {
  passes: {
    "the anchor stays": change(rotation(hour, 10 * day), { bundle: [next, old] }),
    "a leaf's lifetime has gone by since the new issuer": change(rotation(lifetime, 10 * day), drop),
    "every pod started after the new issuer": change(rotation(hour, hour), drop),
    "the anchor is renewed with the same key": change(rotation(hour, 10 * day), { bundle: [next, renewed] }),
    "an anchor of the last hour that no issuer came from": change(
      { bundle: [old, spare], seen: [[oldIssuer, after(-20 * day)]], issuer: oldIssuer },
      { bundle: [old] },
    ),
    "the same, and nobody has watched": change(
      { ...rotation(hour, 10 * day), seen: [] },
      { bundle: [next, renewed] },
    ),
    "the anchor has expired, and identity signs nothing under it any more": change(
      { ...rotation(hour, 10 * day), bundle: [ended, next], seen: [] },
      drop,
    ),
    "every pod started when the guard began to watch": change(
      { ...rotation(hour, hour), seen: [[nextIssuer, after(-hour)]] },
      drop,
    ),
    "the anchor was made when the guard began to watch": change(
      { ...rotation(hour, 10 * day), bundle: [spare, next], seen: [[nextIssuer, after(-hour)]] },
      drop,
    ),
    "no proxy runs": change({ ...rotation(hour, hour), mesh: [] }, drop),
    "the issuer's chain holds without it too": change(
      { bundle: [old, next], issuer: [oldIssuer, cross], seen: [[[oldIssuer, cross], after(-20 * day)]] },
      drop,
    ),
  },
  finds: {
    "an hour after the new issuer": [
      change(rotation(hour, 10 * day), drop),
      {
        message: says(old),
        detail: "emojivoto/deploy/web has run since 2026-05-22T12:00:00Z",
      },
    ],
    "one second of a leaf's lifetime is left": [
      change(rotation(lifetime - second, 10 * day), drop),
      says(old),
    ],
    "the oldest pod started one second before the new issuer": [
      change(rotation(hour, hour + second), drop),
      says(old),
    ],
    "the issuer of the old anchor is still the live one": [
      change({ bundle: [old, next], issuer: oldIssuer, seen: [[oldIssuer, after(-20 * day)]] }, drop),
      says(old),
    ],
    "the guard has watched for an hour only, so anything may have signed before": [
      change({ ...rotation(hour, 10 * day), seen: [[nextIssuer, after(-hour)]] }, drop),
      says(old),
    ],
    "its last second is this one": [
      change({ ...rotation(hour, 10 * day), bundle: [endingNow, next], seen: [] }, drop),
      says(endingNow),
    ],
    "no issuer was ever seen": [change({ ...rotation(hour, 10 * day), seen: [] }, drop), says(old)],
  },
  notAsked: {
    "of a state": facts({ bundle: [next] }),
    "where the mesh cannot be seen": change({ ...rotation(hour, hour), mesh: unseen }, drop),
    "where nobody kept a record of issuers": change({ ...rotation(hour, 10 * day), seen: unseen }, drop),
  },
});
