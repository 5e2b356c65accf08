import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { IdentityEvent } from "../../../trust/gather/identity-event.ts";
import { type IdentityPod, type IssuerSigns, inUseOf } from "../../../trust/rotation/in-use.ts";
import { second } from "../../certificates/index.ts";
import { ago, issuers } from "./views.ts";

const { fingerprint } = issuers.next;
const changedAt = ago(10);
const pod = (madeAt: Date, more: Partial<IdentityPod> = {}): IdentityPod => ({
  madeAt,
  readySince: new Date(madeAt.getTime() + 5 * second),
  graceMs: 30 * second,
  ...more,
});
const event = (
  reason: IdentityEvent["reason"],
  last: Date,
  more: Partial<IdentityEvent> = {},
): IdentityEvent => ({
  reason,
  message:
    reason === "IssuerUpdated" ? "Updated identity issuer" : "Skipping issuer update: unknown authority",
  count: 1,
  first: last,
  last,
  ...more,
});
const known = (more: Partial<IssuerSigns> = {}): IssuerSigns => ({
  now: ago(0),
  fingerprint,
  changedAt,
  pods: [pod(ago(60))],
  events: [],
  recorded: [],
  ...more,
});
const since = (more: Partial<IssuerSigns>) => inUseOf(known(more)).inUse?.since;

describe("identity signs with the issuer in the Secret", () => {
  test("when it said IssuerUpdated after the write", () => {
    assert.deepEqual(since({ events: [event("IssuerUpdated", ago(9))] }), ago(9));
  });

  test("not by what it said before the write, or in its very second", () => {
    assert.equal(since({ events: [event("IssuerUpdated", ago(11))] }), undefined);
    assert.equal(since({ events: [event("IssuerUpdated", changedAt)] }), undefined);
  });

  test("only when every replica has said so", () => {
    const pods = [pod(ago(60)), pod(ago(60))];
    assert.equal(since({ pods, events: [event("IssuerUpdated", ago(9))] }), undefined);
    const each = [event("IssuerUpdated", ago(9)), event("IssuerUpdated", ago(8))];
    assert.deepEqual(since({ pods, events: each }), ago(8));
    assert.deepEqual(since({ pods, events: [event("IssuerUpdated", ago(8), { count: 2 })] }), ago(8));
  });

  // Found by the property over walks: who had spoken was on a lost node, and a silent one counted in its place.
  test("not by as many words as there are pods where one is missing", () => {
    const [pods, events] = [[pod(ago(60)), pod(ago(60))], [event("IssuerUpdated", ago(8), { count: 2 })]];
    assert.equal(since({ pods, events, replicas: 3 }), undefined);
    assert.deepEqual(since({ pods, events, replicas: 2 }), ago(8));
  });

  test("what a replica says again and again counts once, where it began before the write", () => {
    const again = event("IssuerUpdated", ago(9), { count: 5, first: ago(30) });
    assert.equal(since({ pods: [pod(ago(60)), pod(ago(60))], events: [again] }), undefined);
    assert.deepEqual(since({ events: [again] }), ago(9));
  });

  // Found by the property over walks: a grace period after the new pod was ready, the old one still signed.
  test("when all its pods were made after the write: since the last old one is surely gone", () => {
    assert.deepEqual(since({ pods: [pod(ago(9))] }), new Date(ago(9).getTime() + 335 * second));
    assert.deepEqual(
      since({ pods: [pod(ago(5))], now: new Date(ago(5).getTime() + 9 * second) })?.getTime(),
      ago(5).getTime() + 9 * second,
    );
  });

  test("not while one of them is missing: it may have been an old one until a moment ago", () => {
    assert.equal(since({ pods: [pod(ago(9))], replicas: 2 }), undefined);
  });

  test("not while an old one is on its way out, or no new one is ready", () => {
    const leaving = pod(ago(60), { terminatingSince: ago(1) });
    assert.equal(since({ pods: [pod(ago(5)), leaving] }), undefined);
    assert.equal(since({ pods: [{ madeAt: ago(5), graceMs: 0 }] }), undefined);
    assert.equal(since({ pods: [] }), undefined);
  });

  // Found by the property over walks: one spoke and crashed, the next spoke, the third missed the write.
  test("one made since may stand for one that spoke and is gone", () => {
    const pods = [pod(ago(60)), pod(ago(60)), pod(ago(5))];
    const twice = [event("IssuerUpdated", ago(9)), event("IssuerUpdated", ago(8))];
    assert.equal(since({ pods, events: twice }), undefined);
    assert.deepEqual(since({ pods, events: [...twice, event("IssuerUpdated", ago(7))] }), ago(0));
  });

  // Found by the property over walks: the only pod left spoke, while one on its way out still signed by the old.
  test("not before one that did not speak is surely gone", () => {
    const young = pod(changedAt);
    assert.deepEqual(
      since({ pods: [young], events: [event("IssuerUpdated", ago(9))] }),
      new Date(changedAt.getTime() + 335 * second),
    );
  });

  test("since the time that the journal recorded, if the Secret was not written since", () => {
    assert.deepEqual(since({ recorded: [{ fingerprint, since: ago(7) }], pods: [pod(ago(2))] }), ago(7));
    assert.equal(since({ recorded: [{ fingerprint, since: ago(11) }] }), undefined);
    assert.equal(since({ recorded: [{ fingerprint: issuers.old.fingerprint, since: ago(7) }] }), undefined);
  });

  test("nobody can tell where it is not recorded when the Secret was written", () => {
    const { changedAt: _, ...rest } = known({ events: [event("IssuerUpdated", ago(9))] });
    assert.deepEqual(inUseOf(rest), {});
  });
});

describe("identity does not take it", () => {
  const skipped = event("IssuerUpdateSkipped", ago(9));

  test("when it said IssuerUpdateSkipped after the write, with its words", () => {
    assert.deepEqual(inUseOf(known({ events: [skipped] })), {
      skipped: { at: ago(9), message: skipped.message },
    });
  });

  test("when one replica took it and another did not", () => {
    const pods = [pod(ago(60)), pod(ago(60))];
    const { inUse, skipped: told } = inUseOf(
      known({ pods, events: [event("IssuerUpdated", ago(9), { count: 2 }), skipped] }),
    );
    assert.deepEqual([inUse, told?.at], [undefined, ago(9)]);
  });

  test("no more when all its pods were made anew", () => {
    assert.notEqual(since({ pods: [pod(ago(5))], events: [skipped] }), undefined);
  });
});
