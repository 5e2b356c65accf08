import { base64 } from "../../base64.ts";
import {
  after,
  anchor,
  bundle,
  day,
  hour,
  issuer,
  leaf,
  type Minted,
  year,
} from "../../certificates/index.ts";
import { controllers, type Installation } from "../../cluster/control-plane-objects.ts";
import { podSpec } from "../../cluster/control-plane-pods.ts";
import { injectedPod } from "../../cluster/injected.ts";
import type { Pod } from "../../cluster/objects.ts";
import { running } from "../../cluster/running.ts";
import { forbidden, inLinkerd, installed, type Objects } from "../read-only.ts";

/** What a name might be, if an attacker wrote it. */
export const evil = `</title><script>alert(1)</script><img src=x onerror="alert('2')">`;

const made: Minted[] = [];
const kept = (one: Minted): Minted => {
  made.push(one);
  return one;
};
const dated = (from: number, until: number) => ({ notBefore: after(from), notAfter: after(until) });
const root = kept(anchor("root.linkerd.cluster.local", dated(-year, 9 * year)));
const former = kept(anchor("root-2016.linkerd.cluster.local", dated(-9.9 * year, 40 * day)));
const next = kept(anchor("root-2026.linkerd.cluster.local", dated(-2 * day, 10 * year)));
const strange = kept(anchor(evil, dated(-30 * day, 5 * year)));

/** A line of every key that these meshes know. */
export function keyLines(): string[] {
  return made.flatMap(({ keyPem, pkcs8Pem }) => (keyPem + pkcs8Pem).match(/^[^-\n]{12}/gm) ?? []);
}

/** Nothing is wrong, and all of it is there. */
export function healthy(): Objects {
  const install = installation(bundle(root), kept(issuer(root, dated(-7 * day, 358 * day))));
  const workloads = ["web", "vote-bot", "emoji", "voting"];
  const objects = installed(install);
  return {
    ...objects,
    ...writtenAt(objects, "secrets", "linkerd-identity-issuer", "f:crt.pem", -7 * day),
    "/api/v1/pods": [...controlPlane(install, -day), ...pods(bundle(root), "emojivoto", workloads)],
    ...webhook("proxy-injector", "mutating", 364 * day),
    ...webhook("sp-validator", "validating", 364 * day),
    ...webhook("policy-validator", "validating", 364 * day),
  };
}

/** Much of what can be wrong is. */
export function sick(): Objects {
  const install = installation(bundle(root, former, next), kept(issuer(next, dated(-2 * hour, 20 * hour))));
  const objects = installed(install);
  const baskets = Array.from({ length: 16 }, (_, i) => `basket-${i + 1}`);
  return {
    ...objects,
    "/api/v1/pods": [
      ...controlPlane(install, -3 * day),
      ...pods(bundle(root, former, next), "emojivoto", ["web", "vote-bot"]),
      ...pods(bundle(root, former), "shop", baskets),
      ...pods(bundle(strange), "legacy", ["till"]),
    ],
    ...writtenAt(objects, "configmaps", "linkerd-identity-trust-roots", "f:ca-bundle.crt", -day),
    ...writtenAt(objects, "secrets", "linkerd-identity-issuer", "f:crt.pem", -hour),
    [inLinkerd("secrets", "linkerd-config-overrides")]: forbidden("secrets"),
    ...webhook("proxy-injector", "mutating", 3 * day),
    ...webhook("sp-validator", "validating", -day),
  };
}

function installation(anchors: string, { pem, keyPem }: Minted): Installation {
  return { bundle: anchors, issuer: { chainPem: pem, keyPem } };
}

function controlPlane(install: Installation, started: number): Pod[] {
  return controllers.map((controller) => {
    const labels = {
      "linkerd.io/control-plane-ns": "linkerd",
      "linkerd.io/control-plane-component": controller,
      "linkerd.io/proxy-deployment": `linkerd-${controller}`,
    };
    const metadata = { name: `linkerd-${controller}-x`, namespace: "linkerd", labels };
    const spec = podSpec(install, controller);
    return running({ apiVersion: "v1", kind: "Pod", metadata, spec }, after(started));
  });
}

function pods(anchors: string, namespace: string, names: readonly string[]): Pod[] {
  return names.map((name) =>
    running(injectedPod({ name, namespace, bundle: anchors, kind: "Deployment" }), after(-2 * hour)),
  );
}

function writtenAt(objects: Objects, resource: string, name: string, key: string, ms: number): Objects {
  const path = inLinkerd(resource, name);
  const object = objects[path] as { readonly metadata: object }; // the installation holds both
  const managedFields = [{ time: after(ms).toISOString(), fieldsV1: { "f:data": { [key]: {} } } }];
  return { [path]: { ...object, metadata: { ...object.metadata, managedFields } } };
}

function webhook(name: string, kind: "mutating" | "validating", until: number): Objects {
  const authority = kept(anchor(`linkerd-${name}.linkerd.svc`, dated(-10 * day, 364 * day)));
  const options = { sans: [`dns:linkerd-${name}.linkerd.svc`], name: `linkerd-${name}.linkerd.svc` } as const;
  const served = kept(leaf(authority, { ...options, ...dated(-10 * day, until) }));
  const service = { name: `linkerd-${name}`, namespace: "linkerd" };
  const configurations = `/apis/admissionregistration.k8s.io/v1/${kind}webhookconfigurations`;
  const clientConfig = { service, caBundle: base64(authority.pem) };
  return {
    [`${configurations}/linkerd-${name}-webhook-config`]: {
      webhooks: [{ failurePolicy: kind === "mutating" ? "Fail" : "Ignore", clientConfig }],
    },
    [inLinkerd("secrets", `linkerd-${name}-k8s-tls`)]: {
      data: { "tls.crt": base64(served.pem), "tls.key": base64(served.keyPem) },
    },
  };
}
