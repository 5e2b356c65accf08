// Webhooks whose certificate somebody renews unasked are no outage to come.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assess } from "../../../plugin/survey/assess.ts";
import { survey } from "../../../plugin/survey/survey.ts";
import { base64 } from "../../base64.ts";
import { after, anchor, bundle, day, hour, issuer, leaf, now } from "../../certificates/index.ts";
import { inLinkerd, installed, type Objects, readOnly } from "../read-only.ts";

const root = anchor("root");
const signed = issuer(root);
const install = { bundle: bundle(root), issuer: { chainPem: signed.pem, keyPem: signed.keyPem } };
const authority = anchor("webhooks");

function hook(
  name: string,
  service: { name: string; namespace: string },
  secret: string,
  age: number,
  metadata = {},
) {
  const certificate = leaf(authority, {
    sans: [`dns:${service.name}.${service.namespace}.svc`],
    notBefore: after(-age),
    notAfter: after(-age + 3 * day),
  });
  const kind = name === "linkerd-certs" ? "validating" : "mutating";
  const clientConfig = { service, caBundle: base64(authority.pem) };
  return {
    [`/apis/admissionregistration.k8s.io/v1/${kind}webhookconfigurations/${name}`]: {
      webhooks: [{ failurePolicy: "Fail", clientConfig }],
    },
    [secret]: {
      metadata,
      data: { "tls.crt": base64(certificate.pem), "tls.key": base64(certificate.keyPem) },
    },
  };
}

const guard = { name: "linkerd-certs", namespace: "linkerd-certs" };
const own = "/api/v1/namespaces/linkerd-certs/secrets/linkerd-certs-serving";

async function next(objects: Objects) {
  const cluster = readOnly({ ...installed(install), ...objects });
  const { timeline } = assess(await survey(cluster, { namespace: "linkerd", clock: () => now }));
  return timeline.filter(({ what, why }) => /webhook/.test(`${what} ${why}`));
}

describe("what happens next to a webhook's certificate", () => {
  test("the guard renews its own", async () => {
    assert.deepEqual(await next(hook("linkerd-certs", guard, own, day)), [
      {
        at: after(day),
        what: "webhook linkerd-certs renews its certificate",
        why: "it does so by itself; this one ends at 2026-06-03T12:00:00Z",
        harm: false,
      },
    ]);
  });

  test("the guard has not renewed its own, though it was time", async () => {
    assert.deepEqual(await next(hook("linkerd-certs", guard, own, 2 * day + hour)), [
      {
        at: after(23 * hour),
        what: "writes to the bundle and the issuer are refused",
        why: "the certificate of webhook linkerd-certs ends; by itself it should have renewed it at 2026-06-01T11:00:00Z",
        harm: true,
      },
    ]);
  });

  test("cert-manager renews what it made, unless that has ended already", async () => {
    const injector = (age: number) =>
      hook(
        "linkerd-proxy-injector-webhook-config",
        { name: "linkerd-proxy-injector", namespace: "linkerd" },
        inLinkerd("secrets", "linkerd-proxy-injector-k8s-tls"),
        age,
        { annotations: { "cert-manager.io/certificate-name": "linkerd-proxy-injector" } },
      );
    assert.deepEqual(await next(injector(day)), [
      {
        at: after(2 * day),
        what: "cert-manager has renewed the certificate of webhook proxy-injector by then",
        why: "otherwise no new pod is admitted",
        harm: false,
      },
    ]);
    const [ended] = await next(injector(4 * day));
    assert.deepEqual([ended?.what, ended?.harm], ["no new pod is admitted", true]);
  });
});
