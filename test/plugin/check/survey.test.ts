import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Failure } from "../../../cluster/failure.ts";
import { readAll } from "../../../cluster/read.ts";
import { assess } from "../../../plugin/survey/assess.ts";
import type { Check } from "../../../plugin/survey/assessment.ts";
import { survey } from "../../../plugin/survey/survey.ts";
import { base64 } from "../../base64.ts";
import { after, anchor, bundle, day, hour, issuer, leaf, now, type Spoil } from "../../certificates/index.ts";
import { injectedPod } from "../../cluster/injected.ts";
import { running } from "../../cluster/running.ts";
import { forbidden, inLinkerd, installed, type Objects, readOnly } from "../read-only.ts";

const [root, former] = [anchor("root"), anchor("former root")];
const signed = issuer(root);
const install = { bundle: bundle(root), issuer: { chainPem: signed.pem, keyPem: signed.keyPem } };

const look = (objects: Objects = {}) =>
  survey(readOnly({ ...installed(install), ...objects }), { namespace: "linkerd", clock: () => now });
const asked = async (id: string, objects: Objects): Promise<Check | undefined> =>
  assess(await look(objects))
    .groups.flatMap(({ checks }) => checks)
    .find((check) => check.id === id);
const messages = async (id: string, objects: Objects) =>
  (await asked(id, objects))?.findings.map(({ message }) => message.replace(/\b[0-9a-f]{8}\b/g, "…"));

describe("a survey", () => {
  test("reads pods page by page, and keeps those whose proxies count", async () => {
    const pod = (name: string, spoil: object = {}) => {
      const made = running(injectedPod({ name, namespace: "shop", bundle: bundle(root) }), now);
      return { ...made, metadata: { ...made.metadata, ...spoil } };
    };
    const finished = { ...pod("finished"), status: { phase: "Succeeded" } };
    const leaving = pod("leaving", { deletionTimestamp: "2026-06-01T11:00:00Z" });
    const foreign = pod("foreign", { labels: { "linkerd.io/control-plane-ns": "other" } });
    const cluster = readOnly({
      ...installed(install),
      "/api/v1/pods": [pod("a"), finished, leaving, pod("b"), foreign],
    });
    const { holdings, facts } = await survey(cluster, { namespace: "linkerd", clock: () => now });
    assert.deepEqual(
      cluster.asked.filter((path) => path.startsWith("/api/v1/pods")),
      ["/api/v1/pods?continue=", "/api/v1/pods?continue=2", "/api/v1/pods?continue=4"],
    );
    assert.equal(facts.mesh?.proxies, 2);
    assert.deepEqual(
      holdings.map(({ workloads, current }) => ({ workloads, current })),
      [
        {
          workloads: [
            { name: "shop/deploy/a", proxies: 1 },
            { name: "shop/deploy/b", proxies: 1 },
          ],
          current: true,
        },
      ],
    );
  });

  test("names every place where anchors live, and how it differs", async () => {
    const overrides = `identityTrustAnchorsPEM: |\n${bundle(former).replace(/^/gm, "  ")}`;
    const objects = {
      [inLinkerd("secrets", "linkerd-config-overrides")]: {
        data: { "linkerd-config-overrides": base64(overrides) },
      },
      "/apis/trust.cert-manager.io/v1alpha1/bundles/linkerd-identity-trust-roots": {
        spec: {
          sources: [
            { secret: { name: "linkerd-trust-anchor", key: "tls.crt" } },
            { secret: { name: "linkerd-previous-anchor", key: "tls.crt" } },
          ],
        },
      },
      "/api/v1/namespaces/cert-manager/secrets/linkerd-trust-anchor": {
        data: { "tls.crt": base64(former.pem), "tls.key": base64(former.keyPem) },
      },
    };
    const { places } = await look(objects);
    const names = (some: readonly { readonly name: string }[]) => some.map(({ name }) => name).join();
    assert.deepEqual(
      places.map(({ what, role, state, lacks, adds }) => [what, role, state, names(lacks), names(adds)]),
      [
        ["ConfigMap linkerd/linkerd-identity-trust-roots, ca-bundle.crt", "live", "present", "", ""],
        ["ConfigMap linkerd/linkerd-config, identityTrustAnchorsPEM", "stored", "present", "", ""],
        ["Secret linkerd/linkerd-identity-issuer, ca.crt", "copy", "absent", "", ""],
        [
          "Secret linkerd/linkerd-config-overrides, identityTrustAnchorsPEM",
          "stored",
          "present",
          "root",
          "former root",
        ],
        ["Secret cert-manager/linkerd-trust-anchor, tls.crt", "source", "present", "root", "former root"],
        ["Secret cert-manager/linkerd-previous-anchor, tls.crt", "source", "absent", "", ""],
      ],
    );
    assert.deepEqual(await messages("bundle-agrees-with-overrides", objects), [
      'linkerd upgrade would drop anchor "root" (…): the overrides lack it',
      'linkerd upgrade would bring anchor "former root" (…) back from the overrides',
    ]);
    assert.deepEqual(await messages("bundle-agrees-with-sources", objects), [
      'trust-manager would drop anchor "root" (…): none of its sources holds it',
      'trust-manager\'s sources hold anchor "former root" (…), which the trust bundle lacks',
    ]);
    assert.ok(!JSON.stringify(await look(objects)).includes("PRIVATE KEY"));
  });

  test("with no overrides and no trust-manager, nothing is said of them", async () => {
    assert.equal(await asked("bundle-agrees-with-overrides", {}), undefined);
    assert.equal(await asked("bundle-agrees-with-sources", {}), undefined);
  });

  test("says when cert-manager renews, and when it does not", async () => {
    const certificates = "/apis/cert-manager.io/v1/namespaces/linkerd/certificates";
    const certificate = (status: string) => ({
      metadata: { name: "issuer" },
      spec: { secretName: "linkerd-identity-issuer" },
      status: { renewalTime: "2026-06-02T12:00:00Z", conditions: [{ type: "Ready", status }] },
    });
    const well = assess(await look({ [certificates]: [certificate("True")] }));
    assert.deepEqual(well.timeline[0], {
      at: after(day),
      what: "cert-manager renews the issuer",
      why: "Certificate linkerd/issuer says so",
      harm: false,
    });
    assert.deepEqual(await messages("renewals-ready", { [certificates]: [certificate("False")] }), [
      "Certificate linkerd/issuer is not ready",
    ]);
  });

  test("what is forbidden is told, and what is not there is not", async () => {
    const path = inLinkerd("secrets", "linkerd-identity-issuer");
    const { unreadable, facts } = await look({ [path]: forbidden("secrets") });
    assert.equal(facts.issuerSecret, undefined);
    assert.deepEqual(unreadable, [
      {
        what: "Secret linkerd/linkerd-identity-issuer",
        reason: "secrets is forbidden",
        hint: 'Give you the verb "get" on secrets.',
        core: true,
      },
    ]);
  });
});

describe("the webhooks' certificates", () => {
  const authority = anchor("webhooks");
  const name = "dns:linkerd-proxy-injector.linkerd.svc";
  const hook = (spoil: Spoil = {}, trusted = authority, key?: string): Objects => {
    const certificate = leaf(authority, {
      sans: [name],
      name: "injector",
      notBefore: after(-300 * day),
      notAfter: after(65 * day),
      ...spoil,
    });
    const service = { name: "linkerd-proxy-injector", namespace: "linkerd" };
    return {
      "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/linkerd-proxy-injector-webhook-config":
        {
          webhooks: [{ failurePolicy: "Ignore", clientConfig: { service, caBundle: base64(trusted.pem) } }],
        },
      [inLinkerd("secrets", "linkerd-proxy-injector-k8s-tls")]: {
        data: { "tls.crt": base64(certificate.pem), "tls.key": base64(key ?? certificate.keyPem) },
      },
    };
  };
  const sound = (objects: Objects) => messages("webhook-certificates-sound", objects);

  test("are sound", async () => {
    assert.deepEqual(await sound(hook()), []);
    const { timeline } = assess(await look(hook()));
    assert.deepEqual(timeline[0], {
      at: after(65 * day),
      what: "new pods get no proxy",
      why: "the certificate of webhook proxy-injector ends",
      harm: true,
    });
  });

  test("have expired, are for another name, of another authority, without their key", async () => {
    assert.deepEqual(await sound(hook({ notAfter: after(-hour) })), [
      'proxy-injector: certificate "injector" (…) expired at 2026-06-01T11:00:00Z',
    ]);
    assert.deepEqual(await sound(hook({ sans: ["dns:injector"] })), [
      'proxy-injector: certificate "injector" (…) is not for linkerd-proxy-injector.linkerd.svc',
    ]);
    const [foreign = ""] = (await sound(hook({}, root))) ?? [];
    assert.match(foreign, /^proxy-injector: the webhook's caBundle does not verify "injector" \(…\): /);
    assert.deepEqual(await sound(hook({}, authority, root.keyPem)), [
      "proxy-injector: the key in Secret linkerd/linkerd-proxy-injector-k8s-tls does not belong to its certificate",
    ]);
  });

  test("end soon, by their own lifetime", async () => {
    const last = (spoil: Spoil) => messages("webhook-certificates-last", hook(spoil));
    assert.deepEqual(await last({}), []);
    assert.deepEqual(await last({ notBefore: after(-2 * hour), notAfter: after(22 * hour) }), []);
    assert.equal((await last({ notAfter: after(50 * day) }))?.length, 1);
  });
});

describe("reading everything", () => {
  test("begins anew when the list has grown too old", async () => {
    let calls = 0;
    const cluster = {
      ...readOnly({}),
      async list(_path: string, { each }: { each(item: unknown): void }) {
        if (++calls === 2) throw new Failure("too old", "", { status: 410 });
        each(calls);
        return { resourceVersion: "1", ...(calls === 1 ? { continue: "x" } : {}) };
      },
    };
    assert.deepEqual(await readAll(cluster, "/api/v1/pods", { project: (item) => item }), [3]);
  });
});
