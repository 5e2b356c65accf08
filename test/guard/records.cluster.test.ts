import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { bundle } from "../certificates/index.ts";
import { eventually } from "../cluster/eventually.ts";
import { inject, installLinkerd } from "../cluster/linkerd.ts";
import { trustRootsOf } from "../scenarios/manifests.ts";
import { mintMaterial } from "../scenarios/material.ts";
import { type Guarded, startGuarded } from "./guarded.ts";

const policy = JSON.stringify({
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  rules: [{ level: "Metadata", resources: [{ group: "", resources: ["configmaps", "secrets"] }] }],
});

interface Event {
  readonly reason: string;
  readonly type: string;
  readonly note?: string;
  readonly regarding: { readonly kind: string; readonly name: string };
}

describe("what the guard leaves on record", () => {
  let here: Guarded;
  const dir = mkdtempSync(join(tmpdir(), "linkerd-certs-audit-"));
  const auditLog = join(dir, "audit.log");
  const { first, second, live } = mintMaterial(new Date());

  before(async () => {
    writeFileSync(join(dir, "policy.json"), policy);
    here = await startGuarded({
      apiServerFlags: [`--audit-policy-file=${join(dir, "policy.json")}`, `--audit-log-path=${auditLog}`],
      async prepare(cp) {
        const issuer = { chainPem: live.pem, keyPem: live.keyPem };
        await installLinkerd(cp, { bundle: bundle(first, second), issuer });
        await inject(cp, { namespace: "shop", name: "web", bundle: bundle(first, second) });
      },
    });
  });
  after(async () => {
    await here.end();
    rmSync(dir, { recursive: true, force: true });
  });

  const write = (annotations: Record<string, string>) =>
    here.cp.kubectl(["apply", "-f", "-"], { stdin: JSON.stringify(trustRootsOf([second], { annotations })) });

  it("a refusal is in the API server's audit log, with the rules that refused", async () => {
    assert.notEqual((await write({})).code, 0);
    const annotations = await audited("verdict", "denied");
    assert.match(annotations["trust-roots.linkerd-certs.io/denied"] ?? "", /issuer-chains-to-anchor/);
  });

  it("a write let pass by break-glass is there too, with its reason", async () => {
    const allow = "issuer-chains-to-anchor,anchor-in-use-kept";
    const { code, stderr } = await write({
      "linkerd-certs.io/allow": allow,
      "linkerd-certs.io/reason": "TICKET-42, agreed with the platform team",
    });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /Warning: let pass by linkerd-certs.io\/allow: the issuer chains to no anchor/);
    const annotations = await audited("verdict", "let-pass");
    assert.match(annotations["trust-roots.linkerd-certs.io/let-pass"] ?? "", /issuer-chains-to-anchor/);
    assert.equal(
      annotations["trust-roots.linkerd-certs.io/let-pass-reason"],
      "TICKET-42, agreed with the platform team",
    );
  });

  it("the audit says in Events what got worse, break-glass included, and when it is better again", async () => {
    const said = (reason: string, text: RegExp) =>
      eventually(`${reason} ${text}`, async () => {
        const { body } = await here.cp.api<{ items: Event[] }>(
          "GET",
          "/apis/events.k8s.io/v1/namespaces/linkerd/events",
        );
        return body.items.find((event) => event.reason === reason && text.test(event.note ?? ""));
      });
    const worse = await said("TrustFinding", /the issuer chains to no anchor/);
    assert.deepEqual([worse.type, worse.regarding.kind], ["Warning", "Secret"]);
    await said("TrustFinding", /ConfigMap linkerd-identity-trust-roots lets these rules pass/);

    const mended = JSON.stringify(trustRootsOf([first, second]));
    assert.equal((await here.cp.kubectl(["apply", "-f", "-"], { stdin: mended })).code, 0);
    const better = await said("TrustFindingGone", /the issuer chains to no anchor/);
    assert.equal(better.type, "Normal");
  });

  it("the metrics know every anchor's end, the issuer's and the guard's own", async () => {
    const metrics = await here.guard.metrics();
    for (const anchor of [first, second]) {
      const end = Math.floor(anchor.notAfter.getTime() / 1000);
      const sample = `trust_root_not_after_timestamp_seconds{fingerprint="${anchor.fingerprint}"} ${end}`;
      assert.ok(metrics.includes(sample), sample);
    }
    assert.match(metrics, /issuer_not_after_timestamp_seconds \d{10}\n/);
    assert.match(metrics, /serving_certificate_not_after_timestamp_seconds \d{10}/);
    assert.match(metrics, /issuer_chains_to_bundle 1\n/);
    assert.match(metrics, /audit_findings\{rule="issuer-chains-to-anchor"\} 0\n/);
    assert.match(metrics, /watch_last_event_timestamp_seconds\{object="mesh"\} \d{10}/);
  });

  async function audited(key: string, value: string): Promise<Record<string, string>> {
    return await eventually(`${key} ${value} in the audit log`, () => {
      const entries = readFileSync(auditLog, "utf8")
        .split("\n")
        .filter((line) => line !== "");
      const found = entries
        .map((line) => (JSON.parse(line) as { annotations?: Record<string, string> }).annotations ?? {})
        .filter((annotations) => annotations[`trust-roots.linkerd-certs.io/${key}`] === value);
      return found.at(-1);
    });
  }
});
