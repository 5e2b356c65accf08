import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { timelineOf } from "../../../plugin/survey/timeline.ts";
import type { Survey } from "../../../plugin/survey/types.ts";
import type { Facts } from "../../../trust/facts.ts";
import { gather } from "../../../trust/gather/gather.ts";
import type { IdentityEvent } from "../../../trust/gather/identity-event.ts";
import { openIssuerSecret } from "../../../trust/gather/issuer-secret.ts";
import { openTrustRoots } from "../../../trust/gather/trust-roots.ts";
import { issuerInUse } from "../../../trust/issuer-in-use.ts";
import { defaultPolicy } from "../../../trust/policy.ts";
import { base64 } from "../../base64.ts";
import {
  after,
  anchor,
  bundle,
  day,
  hour,
  issuer,
  type Minted,
  now,
  year,
} from "../../certificates/index.ts";

const root = anchor("root");
const minute = 60_000;

interface Situation {
  readonly started?: number;
  readonly written?: number;
  readonly issuer?: Minted;
  readonly anchor?: Minted;
  readonly events?: readonly IdentityEvent[] | "unreadable";
  /** When the Secret was made. */
  readonly made?: number;
}

function surveyOf(situation: Situation): Survey {
  const { started = -day, written = -2 * day, events = [] } = situation;
  const { pem, keyPem } = situation.issuer ?? issuer(root);
  const fieldsV1 = { "f:data": { "f:ca-bundle.crt": {}, "f:crt.pem": {} } };
  const metadata = (ms: number) => ({ managedFields: [{ time: after(ms), fieldsV1 }] });
  const identity = { createdAt: after(started), lifetimeMs: day };
  const facts: Facts = gather({
    now,
    namespace: "linkerd",
    thresholds: defaultPolicy.thresholds,
    issuersSeen: [],
    trustRoots: openTrustRoots({
      metadata: metadata(-9 * day),
      data: { "ca-bundle.crt": bundle(situation.anchor ?? root) },
    }),
    issuerSecret: openIssuerSecret({
      metadata: {
        ...metadata(written),
        ...(situation.made === undefined ? {} : { creationTimestamp: after(situation.made) }),
      },
      data: { "crt.pem": base64(pem), "key.pem": base64(keyPem) },
    }),
    mesh: { identity, controlPlane: [], held: [], proxies: 0 },
  });
  return {
    cluster: "",
    at: now,
    namespace: "linkerd",
    facts,
    holdings: [],
    starts: [],
    places: [],
    webhooks: [],
    renewals: [],
    unreadable: [],
    ...(events === "unreadable" ? {} : { events }),
  };
}

const event = (reason: IdentityEvent["reason"], ms: number): IdentityEvent => ({
  reason,
  message: "said",
  first: after(ms),
  last: after(ms),
  count: 1,
});

describe("the issuer in use", () => {
  const told = (situation: Situation) => {
    const { state, by } = issuerInUse(surveyOf(situation));
    return `${state} by ${by}`;
  };
  const younger = { started: -day, written: -30 * minute };

  test("identity started after the Secret was written", () => assert.equal(told({}), "secret by start"));
  test("identity and the Secret were made in one second, as an install does, and it was not written since", () => {
    assert.equal(told({ started: -day, written: -day, made: -day }), "secret by start");
    assert.equal(told({ started: -day, written: -day, made: -2 * day }), "unknown by silence");
    assert.equal(told({ started: -day - 1000, written: -day, made: -day }), "unknown by silence");
  });
  test("identity took it up", () => {
    assert.equal(told({ ...younger, events: [event("IssuerUpdated", -29 * minute)] }), "secret by event");
  });
  test("identity skipped it, maybe only one replica of several", () => {
    const events = [event("IssuerUpdateSkipped", -29 * minute), event("IssuerUpdated", -28 * minute)];
    assert.equal(told({ ...younger, events }), "older by event");
  });
  test("an event from before the Secret was written tells nothing", () => {
    assert.equal(told({ ...younger, events: [event("IssuerUpdated", -31 * minute)] }), "missed by silence");
  });
  test("identity refuses to sign, and signs again after an update", () => {
    const failed = event("IssuerValidationFailed", -20 * minute);
    assert.equal(told({ events: [failed] }), "none by event");
    assert.equal(
      told({ ...younger, events: [failed, event("IssuerUpdated", -10 * minute)] }),
      "secret by event",
    );
  });
  test("no guess: a moment ago, too long ago, without events", () => {
    assert.equal(told({ written: -2 * minute }), "unknown by silence");
    assert.equal(told({ started: -2 * day, written: -day }), "unknown by silence");
    assert.equal(told({ ...younger, events: "unreadable" }), "unknown by silence");
  });
  test("an issuer with which identity cannot have started", () => {
    assert.equal(told({ anchor: anchor("strange") }), "unknown by silence");
    assert.equal(told({ issuer: issuer(root, { notAfter: after(-hour) }) }), "unknown by silence");
  });
});

describe("what happens next", () => {
  const next = (situation: Situation) => {
    const survey = surveyOf(situation);
    return timelineOf(survey, issuerInUse(survey)).map(
      ({ at, what }) => `${at === undefined ? "?" : (at.getTime() - now.getTime()) / hour} h: ${what}`,
    );
  };
  const starts = "new pods fail from then on: identity signs no certificate any more";

  test("the issuer ends first: with it every certificate", () => {
    assert.deepEqual(next({ issuer: issuer(root, { notAfter: after(48 * hour) }) }), [
      `48 h: ${starts}`,
      "48 h: every running proxy fails by then",
    ]);
  });

  test("the anchor ends first: certificates live on until they are due", () => {
    const short = anchor("short", { notAfter: after(100 * hour) });
    assert.deepEqual(next({ anchor: short, issuer: issuer(short, { notAfter: after(year) }) }), [
      `100 h: ${starts}`,
      "107.2 h: the first running proxy fails by then",
      "124 h: every running proxy fails by then",
    ]);
  });

  test("the Secret's issuer has ended, and nobody knows what identity still signs with", () => {
    assert.deepEqual(next({ issuer: issuer(root, { notAfter: after(-2 * hour) }) }), [
      "? h: linkerd-identity does not start any more, from its next restart on",
      "-2 h: new pods fail from then on, unless identity still signs with an older issuer",
    ]);
  });

  test("nothing signs it: the next restart is the end", () => {
    assert.deepEqual(next({ anchor: anchor("strange") }), [
      "? h: linkerd-identity does not start any more, from its next restart on",
    ]);
  });
});
