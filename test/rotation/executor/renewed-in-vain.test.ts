import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Failure } from "../../../cluster/failure.ts";
import type { Context } from "../../../cluster/rotation/perform/context.ts";
import { writeThroughCertManager } from "../../../cluster/rotation/perform/through-cert-manager.ts";
import type { LiveIssuer, RotationView } from "../../../trust/rotation/view.ts";
import { anchor, issuer, type Minted } from "../../certificates/index.ts";
import { opened } from "../../trust/opened.ts";
import { live, view } from "../../trust/rotation/views.ts";

const [old, next] = [anchor("old"), anchor("next")];
const bundle = { anchors: [opened(old), opened(next)] };

/** A cert-manager that signs by what it is told, and whose authority nobody may look at. */
function certManager() {
  const renewedInVain = new Set<string>();
  let by: Minted = old;
  let now: LiveIssuer = live(opened(issuer(old)));
  let renewals = 0;
  const request = async (method: string, path: string) => {
    if (path.includes("clusterissuers")) throw new Failure("no", "Ask.", { status: 403 });
    const annotations = { "cert-manager.io/certificate-name": "linkerd-identity-issuer" };
    const issuerRef = { name: "linkerd-identity-issuer", kind: "ClusterIssuer" };
    if (method === "PUT") {
      renewals++;
      now = live(opened(issuer(by)));
    }
    return { status: 200, body: { metadata: { annotations, resourceVersion: "1" }, spec: { issuerRef } } };
  };
  const seen = (): RotationView => view({ bundle, issuer: now });
  return {
    renewals: () => renewals,
    signsBy(other: Minted) {
      by = other;
    },
    /** By a person: cmctl renew. */
    renew() {
      now = live(opened(issuer(by)));
    },
    write: () =>
      writeThroughCertManager({
        observer: {
          cluster: { request },
          server: { now: () => seen().now },
          reread: async () => {},
          view: seen,
        },
        ...{ namespace: "linkerd", random: () => 0, signal: new AbortController().signal, dryRun: false },
        ...{ view: seen(), rotation: "test", renewedInVain },
      } as unknown as Context), // nothing else of it is asked for
  };
}

describe("an issuer by cert-manager, whose authority cannot be looked at", () => {
  test("is renewed once by the old anchor, and not again and again", async () => {
    const managers = certManager();
    const first = await managers.write();
    const second = await managers.write();
    assert.deepEqual([first, managers.renewals()], [second, 1]);
    assert.match(
      first.outcome === "refused" ? `${first.message} ${first.hint}` : first.outcome,
      /was renewed by the same anchor as before: .*; it is not renewed again by this run .*or run this again\.$/,
    );
  });

  test("is renewed once more after a person has renewed it", async () => {
    const managers = certManager();
    await managers.write();
    managers.renew();
    managers.signsBy(next);
    assert.deepEqual([(await managers.write()).outcome, managers.renewals()], ["done", 2]);
  });
});
