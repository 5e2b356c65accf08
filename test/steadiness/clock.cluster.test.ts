import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { eventually } from "../cluster/eventually.ts";
import { skip } from "../cluster/skip.ts";
import { issuerOf } from "../scenarios/manifests.ts";
import { ask } from "./ask.ts";
import { type Observed, observe } from "./observed.ts";
import { inForce, issuerPath } from "./trust.ts";

const day = 86_400_000;
const patient = { timeoutMs: 90_000 };

describe("a guard whose clock jumps", { skip }, () => {
  let here: Observed;
  before(async () => {
    here = await observe();
  });
  after(() => here.end());
  const isReady = async () => (await here.guard.readiness()).status === 200;
  const finds = async (count: 0 | 1) =>
    (await here.guard.metrics()).includes(`audit_findings{rule="issuer-not-expired"} ${count}\n`);
  const renewal = () => ask(here.guard, issuerOf(here.material.renewed), issuerOf(here.material.live));

  it("judges by the time it shows, beyond the end of its own certificate, its authority and the issuer", async () => {
    const { guard, shiftClock } = here;
    assert.ok((await renewal()).allowed);
    assert.ok(await finds(0));
    await shiftClock(390 * day); // the renewed issuer ends on day 400, the live one on day 365
    const then = Date.now() + 390 * day;
    await eventually("it is ready", isReady, patient);
    await eventually("the audit finds the issuer expired", () => finds(1), patient);
    const { allowed, validFrom, validTo } = await renewal();
    assert.ok(allowed);
    assert.ok(validFrom.getTime() <= then && then < validTo.getTime(), `${validFrom} to ${validTo}`);

    await shiftClock(401 * day);
    await eventually("it is ready", isReady, patient);
    await eventually("a renewed issuer that has ended is refused", async () => {
      const { message } = await ask(guard, issuerOf(here.material.renewed), issuerOf(here.material.next));
      return message.includes("issuer-not-expired");
    });
  });

  it("is as before when the clock comes back", async () => {
    const { cp, shiftClock } = here;
    await shiftClock(0);
    await eventually("it is ready", isReady, patient);
    await eventually("the audit finds nothing", () => finds(0), patient);
    await inForce(cp);
    const { status } = await cp.api("PUT", `${issuerPath}?dryRun=All`, issuerOf(here.material.renewed));
    assert.equal(status, 200);
    const { validFrom, validTo } = await renewal();
    assert.ok(
      validFrom.getTime() <= Date.now() && Date.now() < validTo.getTime(),
      `${validFrom} to ${validTo}`,
    );
  });

  it("has crashed at nothing", () => {
    assert.doesNotMatch(here.guard.log(), /could not judge|the audit failed|a promise was left alone/);
  });
});
