import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { anchor } from "../certificates/index.ts";
import { mustApi } from "../cluster/api.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { controlPlaneObjects } from "../cluster/control-plane-objects.ts";
import { create } from "../cluster/linkerd.ts";
import { skip } from "../cluster/skip.ts";
import { installGuard } from "./install.ts";

type Question = readonly [verbs: string, resource: string, namespace?: string, name?: string];

const allowed: readonly Question[] = [
  ["get list watch", "configmaps", "linkerd", "linkerd-identity-trust-roots"],
  ["get list watch", "configmaps", "linkerd", "linkerd-config"],
  ["get list watch", "secrets", "linkerd", "linkerd-identity-issuer"],
  ["create patch", "events.k8s.io/events", "linkerd"],
  ["list watch", "pods"],
  ["get list watch", "namespaces", "", "linkerd"],
  ["get list watch update", "secrets", "linkerd-certs", "linkerd-certs-serving"],
  [
    "get list watch patch",
    "admissionregistration.k8s.io/validatingwebhookconfigurations",
    "",
    "linkerd-certs",
  ],
];

const everyVerb = "get list watch create update patch delete deletecollection";
const refused: readonly Question[] = [
  ["create update patch delete deletecollection", "configmaps", "linkerd", "linkerd-identity-trust-roots"],
  ["create update patch delete deletecollection", "secrets", "linkerd", "linkerd-identity-issuer"],
  [everyVerb, "secrets", "linkerd"],
  [everyVerb, "secrets", "linkerd", "linkerd-config-overrides"],
  [everyVerb, "secrets", "linkerd", "linkerd-proxy-injector-k8s-tls"],
  [everyVerb, "secrets", "shop", "linkerd-identity-issuer"],
  [everyVerb, "secrets"],
  [everyVerb, "secrets", "linkerd-certs"],
  ["create patch delete deletecollection", "secrets", "linkerd-certs", "linkerd-certs-serving"],
  [everyVerb, "configmaps", "linkerd"],
  [everyVerb, "configmaps", "linkerd", "linkerd-config-other"],
  [everyVerb, "configmaps", "kube-system", "linkerd-identity-trust-roots"],
  ["create update patch delete deletecollection", "pods"],
  ["create", "pods/exec", "linkerd"],
  [everyVerb, "namespaces"],
  ["create update patch delete", "namespaces", "", "linkerd"],
  [
    "create update delete",
    "admissionregistration.k8s.io/validatingwebhookconfigurations",
    "",
    "linkerd-certs",
  ],
  [everyVerb, "admissionregistration.k8s.io/validatingwebhookconfigurations"],
  [
    everyVerb,
    "admissionregistration.k8s.io/validatingwebhookconfigurations",
    "",
    "linkerd-sp-validator-webhook-config",
  ],
  [everyVerb, "admissionregistration.k8s.io/validatingadmissionpolicies"],
  [everyVerb, "rbac.authorization.k8s.io/roles", "linkerd"],
  ["create", "serviceaccounts/token", "linkerd"],
  ["impersonate", "users"],
];

describe("the guard's ServiceAccount", { skip }, () => {
  let cp: ControlPlane;
  let token: string;
  before(async () => {
    cp = await startControlPlane({ kwok: false });
    const root = anchor();
    const install = { bundle: root.pem, issuer: { chainPem: root.pem, keyPem: root.keyPem } };
    for (const object of controlPlaneObjects(install)) await create(cp, object);
    await installGuard(cp, { port: 1 });
    const account = "/api/v1/namespaces/linkerd-certs/serviceaccounts/linkerd-certs";
    const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
    const { status } = await mustApi<{ status: { token: string } }>(
      cp.api,
      "POST",
      `${account}/token`,
      request,
    );
    token = status.token;
  });
  after(() => cp.stop());

  for (const [questions, expected] of [
    [allowed, true],
    [refused, false],
  ] as const) {
    for (const [verbs, resource, namespace = "", name = ""] of questions) {
      const what = `${resource} ${name || "(any)"} ${namespace ? `in ${namespace}` : "in the cluster"}`;
      test(`may ${expected ? "" : "not "}${verbs.replaceAll(" ", ", ")}: ${what}`, async () => {
        for (const verb of verbs.split(" "))
          assert.equal(await may(verb, resource, namespace, name), expected, verb);
      });
    }
  }

  test("holds no other right in these namespaces, save what every account has", async () => {
    const everybody = await rulesOf("default");
    const rights = async (namespace: string) =>
      (await rulesOf(namespace)).filter((rule) => !everybody.includes(rule)).sort();
    assert.deepEqual(await rights("linkerd"), [
      "configmaps linkerd-identity-trust-roots,linkerd-config: get,list,watch",
      "events.k8s.io/events: create,patch",
      "secrets linkerd-identity-issuer: get,list,watch",
    ]);
    assert.deepEqual(await rights("linkerd-certs"), ["secrets linkerd-certs-serving: get,list,watch,update"]);
    assert.deepEqual(everybody.filter((rule) => !rule.includes("selfsubject")).sort(), [
      "admissionregistration.k8s.io/validatingwebhookconfigurations linkerd-certs: get,list,watch,patch",
      "namespaces linkerd: get,list,watch",
      "pods: list,watch",
    ]);
  });

  test("lists its objects by name as the guard does, and never a whole kind", async () => {
    const inside = "/api/v1/namespaces/linkerd";
    const byName = (name: string) => `?fieldSelector=metadata.name%3D${name}`;
    const answers: [string, number][] = [
      [`${inside}/secrets${byName("linkerd-identity-issuer")}`, 200],
      [`${inside}/configmaps${byName("linkerd-identity-trust-roots")}`, 200],
      [`/api/v1/namespaces${byName("linkerd")}`, 200],
      ["/api/v1/pods?labelSelector=linkerd.io%2Fcontrol-plane-ns", 200],
      [`${inside}/secrets`, 403],
      [`${inside}/configmaps`, 403],
      [`/api/v1/secrets${byName("linkerd-identity-issuer")}`, 403],
      ["/api/v1/namespaces", 403],
    ];
    for (const [path, status] of answers)
      assert.equal((await cp.api("GET", path, undefined, { token })).status, status, path);
  });

  async function may(verb: string, resource: string, namespace: string, name: string): Promise<boolean> {
    const review = { spec: { resourceAttributes: { verb, namespace, name, ...split(resource) } } };
    const { allowed: answer } = await reviewed("selfsubjectaccessreviews", review);
    return answer === true;
  }

  async function rulesOf(namespace: string): Promise<string[]> {
    const { resourceRules = [] } = await reviewed("selfsubjectrulesreviews", { spec: { namespace } });
    return resourceRules.flatMap(({ apiGroups, resources, resourceNames, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.map((resource) => {
          const names = resourceNames === undefined ? "" : ` ${resourceNames.join(",")}`;
          return `${group === "" ? "" : `${group}/`}${resource}${names}: ${verbs.join(",")}`;
        }),
      ),
    );
  }

  async function reviewed(kind: string, body: object): Promise<Reviewed> {
    const path = `/apis/authorization.k8s.io/v1/${kind}`;
    const { status } = (await cp.api<{ status: Reviewed }>("POST", path, body, { token })).body;
    return status;
  }
});

interface Reviewed {
  readonly allowed?: boolean;
  readonly resourceRules?: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly resourceNames?: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

/** "rbac.authorization.k8s.io/roles" and "pods/exec": a group has a dot. */
function split(text: string) {
  const [first = "", second] = text.split("/");
  if (second === undefined) return { group: "", resource: first };
  return first.includes(".")
    ? { group: first, resource: second }
    : { group: "", resource: first, subresource: second };
}
