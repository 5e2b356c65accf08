import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { jsonEvent } from "../../../plugin/rotate/screen/json-event.ts";
import { plainLines } from "../../../plugin/rotate/screen/plain-lines.ts";
import { at, ended, happenings, next, told } from "./shown.ts";

describe("without a terminal", () => {
  test("a line is written for each change, with its time, and none for what only a screen shows", () => {
    const lines = [...happenings(), ended].flatMap((one) => plainLines(one, "anchor"));
    assert.equal(
      `\n${lines.join("\n")}\n`,
      `
2026-06-01T12:00:00Z east: overlapping: everybody learns to trust both anchors
2026-06-01T12:00:00Z east:   for the bundle holds both
2026-06-01T12:00:01Z east: writing the trust bundle: it lacks the incoming anchor
2026-06-01T12:00:02Z east: ConfigMap linkerd/linkerd-identity-trust-roots holds both (1s)
2026-06-01T12:00:10Z east: emojivoto/deploy/web is back, 2 of 2 pods, after 8s
2026-06-01T12:00:20Z east: shop/deploy/cart does not come back, 0 of 2 pods: ImagePullBackOff
2026-06-01T12:00:20Z east: shop/job/report is left to a person: ends by itself
2026-06-01T12:00:21Z east: waiting for the leaves of the old issuer to end, until 2026-06-02T12:00:00Z
2026-06-01T12:00:21Z east: needs a person: shop/job/report cannot be restarted
2026-06-01T12:00:21Z east:   Let it end.
2026-06-01T12:00:22Z west: not heard: the API server at west cannot be reached
2026-06-01T12:00:22Z west:   Check the network.
2026-06-01T12:10:00Z nothing has moved for 10 minutes
`,
    );
  });

  test("a warning is written with the way out, and a handshake with what it showed", () => {
    const issuer = "ab12cd34".repeat(8);
    const [message, hint] = ["ConfigMap linkerd/linkerd-config is not kept in step", "Mend it."];
    assert.deepEqual(
      [
        ...plainLines({ kind: "warning", ...told(1), message, hint }, "anchor"),
        ...plainLines(
          { kind: "leaf", ...told(2), pod: "shop/lonely", madeAt: at(-9), issuer, seenAt: at(2) },
          "anchor",
        ),
      ],
      [
        "2026-06-01T12:00:01Z east: warning: ConfigMap linkerd/linkerd-config is not kept in step",
        "2026-06-01T12:00:01Z east:   Mend it.",
        "2026-06-01T12:00:02Z east: handshake: shop/lonely serves a leaf of issuer ab12cd34",
      ],
    );
  });
});

describe("for machines", () => {
  test("every event is one line of JSON, with certificates by fingerprint and never as PEM", () => {
    for (const happening of [...happenings(), ended]) {
      const line = jsonEvent(happening);
      assert.doesNotMatch(line, /\n|BEGIN CERTIFICATE|"der"/);
      const event = JSON.parse(line);
      assert.deepEqual(
        [event.apiVersion, event.kind, event.type],
        ["linkerd-certs.io/v1", "RotationEvent", happening.kind],
      );
    }
    const begun = happenings().find(({ kind }) => kind === "step-begun");
    assert.ok(begun);
    assert.deepEqual(JSON.parse(jsonEvent(begun)).step.adds, [
      {
        name: "next",
        fingerprint: next?.fingerprint,
        notAfter: next?.notAfter.toISOString().replace(".000", ""),
      },
    ]);
  });
});
