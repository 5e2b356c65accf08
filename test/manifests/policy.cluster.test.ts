import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { base64 } from "../base64.ts";
import { anchor, bundle, encryptedPkcs8, keyPair } from "../certificates/index.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { eventually } from "../cluster/eventually.ts";
import { ensureNamespace } from "../cluster/linkerd.ts";
import { skip } from "../cluster/skip.ts";
import { installGuard } from "./install.ts";

interface Room {
  readonly data?: Record<string, string>;
  readonly binaryData?: Record<string, string>;
  readonly metadata?: {
    readonly annotations?: Record<string, string>;
    readonly labels?: Record<string, string>;
  };
}

const collection = "/api/v1/namespaces/linkerd/configmaps";
const live = `${collection}/linkerd-identity-trust-roots`;
const mebibyte = 1024 * 1024;
const root = anchor();
const keyKinds = ["P-256", "P-384", "Ed25519", "RSA-2048", "RSA-3072", "RSA-4096"] as const;
const wrapped = (text: string, columns: number, end: string) =>
  (text.match(new RegExp(`.{1,${columns}}`, "g")) ?? []).join(end);
const body = (pem: string) => pem.replace(/-----.*-----\n/g, "").trim();
const inData = (text: string): Room => ({ data: { "ca-bundle.crt": `${root.pem}${text}` } });
const allowing = (allow: string): Room => ({
  ...inData(root.keyPem),
  metadata: { annotations: { "linkerd-certs.io/allow": allow } },
});

describe("the private key policy, with no guard running", { skip }, () => {
  let cp: ControlPlane;
  before(async () => {
    cp = await startControlPlane();
    await ensureNamespace(cp, "linkerd");
    await installGuard(cp, { port: 1, replicas: 0 });
    await cp.kubectl(["delete", "validatingwebhookconfiguration", "linkerd-certs"]);
    await eventually(
      "the policy is in force",
      async () => (await create(inData(root.keyPem))).status === 422,
    );
    await eventually("the webhook is gone", async () => (await create(inData(""))).status === 201);
  });
  after(() => cp.stop());
  beforeEach(() => cp.api("DELETE", live));

  test("its expressions pass the API server's type check", async () => {
    const path =
      "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/trust-roots-hold-no-key.linkerd-certs.io";
    const typeChecking = await eventually("it is checked", async () => {
      const { body } = await cp.api<{ status: { typeChecking?: object } }>("GET", path);
      return body.status.typeChecking;
    });
    assert.deepEqual(typeChecking, {});
  });

  const keys: Record<string, Room> = {
    "in PEM, PKCS #8": inData(root.pkcs8Pem),
    "in PEM, SEC 1": inData(root.keyPem),
    "in PEM, RSA": inData("-----BEGIN RSA PRIVATE KEY-----\nMA==\n-----END RSA PRIVATE KEY-----\n"),
    "in PEM, encrypted": inData(encryptedPkcs8(root.key, "secret")),
    "in PEM, with CRLF": inData(root.pkcs8Pem.replaceAll("\n", "\r\n")),
    "in another key of the ConfigMap": { data: { "ca-bundle.crt": root.pem, "tls.key": root.keyPem } },
    "in an annotation": { ...inData(""), metadata: { annotations: { note: root.keyPem } } },
    "in an annotation, as JSON": {
      ...inData(""),
      metadata: { annotations: { note: JSON.stringify(root.keyPem) } },
    },
    "in base64": inData(base64(root.pkcs8Pem)),
    "in base64, one byte on": inData(base64(`.${root.pkcs8Pem}`)),
    "in base64, two bytes on": inData(base64(`..${root.pkcs8Pem}`)),
    "in base64, broken into lines": inData(wrapped(base64(`${root.pem}${root.pkcs8Pem}`), 8, "\n")),
    "in base64, broken with CRLF": inData(wrapped(base64(root.pkcs8Pem), 8, "\r\n")),
    "in base64, broken, in an annotation's JSON": {
      metadata: { annotations: { note: JSON.stringify(wrapped(base64(root.pkcs8Pem), 8, "\n")) } },
    },
    "in binaryData": { binaryData: { key: base64(root.pkcs8Pem) } },
    "in binaryData, after a certificate": { binaryData: { key: base64(`${root.pem}${root.pkcs8Pem}`) } },
    "in binaryData, as DER": { binaryData: { key: body(root.pkcs8Pem).replaceAll("\n", "") } },
    ...Object.fromEntries(
      keyKinds.flatMap((kind) => [
        [`without its PEM lines, ${kind}`, inData(body(keyPair(kind, "bare").pem))],
        [`without its PEM lines, ${kind} in PKCS #8`, inData(body(keyPair(kind, "bare").pkcs8Pem))],
      ]),
    ),
  };
  for (const [how, object] of Object.entries(keys)) {
    test(`a key is refused ${how}`, async () => {
      const { status, message } = await create(object);
      assert.equal(status, 422);
      assert.match(message, /denied request: a private key .*Take it out.*rotate the certificate/);
    });
  }

  const sound: Record<string, Room> = {
    "a bundle of one anchor": inData(""),
    "a bundle of 100 anchors": { data: { "ca-bundle.crt": bundle(...anchors(100)) } },
    "anchors of every kind of key": {
      data: { "ca-bundle.crt": bundle(root, anchor("p", { keyKind: "P-384" })) },
    },
    "an RSA anchor": { data: { "ca-bundle.crt": anchor("rsa", { keyKind: "RSA-2048", serial: 0 }).pem } },
    "a public key": inData("-----BEGIN PUBLIC KEY-----\nMA==\n-----END PUBLIC KEY-----\n"),
    "certificates in base64": inData(base64(root.pem)),
    "a certificate as DER": { binaryData: { "ca.der": base64(root.der) } },
    "nothing at all": {},
    "1 MiB of data, and all the annotations there can be": {
      data: { "ca-bundle.crt": filled(root.pem, mebibyte - 16) },
      metadata: { annotations: { note: "x".repeat(256 * 1024 - 4) } },
    },
    "1 MiB of binaryData, and all the annotations there can be": {
      binaryData: { "ca-bundle.crt": base64(Buffer.alloc(mebibyte - 16)) },
      metadata: { annotations: { note: "x".repeat(256 * 1024 - 4) } },
    },
    "ten thousand entries": {
      data: Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`k${n}`, "v"])),
    },
  };
  for (const [what, object] of Object.entries(sound)) {
    test(`${what} passes, new and again`, async () => {
      await makeLive(object);
      assert.deepEqual(await patch({ metadata: { labels: { touched: "true" } } }), {
        status: 200,
        message: "",
      });
    });
  }

  test("a key at the end of 1 MiB is found", async () => {
    const { status, message } = await create({
      data: { "ca-bundle.crt": `${filled(root.pem, mebibyte - 1024)}\n${root.pkcs8Pem}` },
    });
    assert.equal(status, 422);
    assert.match(message, /a private key stands/);
  });

  test("an object that holds a key already is labelled and mended, and takes no key in another place", async () => {
    await makeLive(allowing("bundle-holds-no-key"));
    const steps: [object, number][] = [
      [{ metadata: { annotations: { "linkerd-certs.io/allow": null } } }, 200],
      [{ metadata: { labels: { touched: "true" } } }, 200],
      [{ data: { "ca-bundle.crt": `${root.pem}${root.pem}${root.keyPem}` } }, 200],
      [{ metadata: { annotations: { note: root.keyPem } } }, 422],
      [{ data: { "ca-bundle.crt": root.pem } }, 200],
      [{ data: { "ca-bundle.crt": root.keyPem } }, 422],
    ];
    for (const [change, expected] of steps)
      assert.equal((await patch(change)).status, expected, JSON.stringify(change));
  });

  test("the webhook's way out is the policy's too", async () => {
    assert.equal((await create(allowing("bundle-present, bundle-holds-no-key"))).status, 201);
    assert.equal((await create(allowing("bundle-present"))).status, 422);
  });

  test("other ConfigMaps, and this one elsewhere, are not its business", async () => {
    assert.equal((await create(inData(root.keyPem), "another")).status, 201);
    await ensureNamespace(cp, "shop");
    assert.equal((await create(inData(root.keyPem), "linkerd-identity-trust-roots", "shop")).status, 201);
  });

  async function create(object: Room, name = "linkerd-identity-trust-roots", namespace = "linkerd") {
    const path = `/api/v1/namespaces/${namespace}/configmaps?dryRun=All`;
    return answered(await cp.api<Status>("POST", path, configMap(object, name)));
  }

  async function makeLive(object: Room): Promise<void> {
    const { status, message } = answered(await cp.api<Status>("POST", collection, configMap(object)));
    assert.equal(status, 201, message);
  }

  async function patch(change: object) {
    return answered(await cp.api<Status>("PATCH", live, change));
  }
});

interface Status {
  readonly message?: string;
}

function answered({ status, body }: { readonly status: number; readonly body: Status }) {
  return { status, message: body.message ?? "" };
}

function configMap(object: Room, name = "linkerd-identity-trust-roots") {
  return { apiVersion: "v1", kind: "ConfigMap", ...object, metadata: { ...object.metadata, name } };
}

function anchors(count: number) {
  return Array.from({ length: count }, (_, number) => anchor(`root ${number}`));
}

function filled(text: string, length: number): string {
  return text.repeat(Math.ceil(length / text.length)).slice(0, length);
}
