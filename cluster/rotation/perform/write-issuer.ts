import type { Scheme } from "../../../trust/facts.ts";
import {
  issuerSecretName,
  layouts,
  openIssuerSecret,
  schemeRead,
} from "../../../trust/gather/issuer-secret.ts";
import type { Secret } from "../../../trust/gather/objects.ts";
import { named } from "../../../trust/naming.ts";
import {
  type Certificate,
  certificatePem,
  readCredentials,
  verifyAsIdentity,
} from "../../../trust/x509/index.ts";
import type { Meta } from "../objects.ts";
import { type Context, type IssuerMaterial, insistence } from "./context.ts";
import { insist, ownWord } from "./insist.ts";
import { judged } from "./judged.ts";
import { keepInStep } from "./keep-in-step.ts";
import { again, done, type Outcome, refused } from "./outcome.ts";
import { keepPreviousIssuer } from "./previous-issuer.ts";
import { writeObject } from "./write-object.ts";

/** The new issuer, in the layout that identity reads; what was there is kept for a way back. */
export async function writeIssuer(context: Context): Promise<Outcome> {
  const { observer, namespace, dryRun, view } = context;
  const { cluster } = observer;
  if (context.issuer === undefined)
    return refused(
      "it is time for the new issuer, and nobody has given one",
      "Give its certificate and key (--issuer, --issuer-key), or the anchor's key to have it made (--ca-key).",
    );
  const secrets = `/api/v1/namespaces/${namespace}/secrets`;
  const path = `${secrets}/${issuerSecretName}`;
  const seen = await insist(cluster, "GET", path, {}, insistence(context));
  const old = seen.status === 200 ? (seen.body as Secret & { metadata: Meta }) : undefined; // the path says so
  if (!sameIssuer(old, view.issuer?.certificate, context))
    return again("the issuer has changed since it was looked at");

  const material = await context.issuer().catch((error: unknown) => {
    if (ownWord(error)) return refused(error.message, error.hint);
    throw error;
  });
  if ("outcome" in material) return material;
  const { chain, key } = readCredentials(material.chainPem, material.keyPem);
  const [certificate, ...intermediates] = chain;
  if (certificate === undefined || key !== "matches")
    return refused("the new issuer's certificate and key do not belong together", "Give the two that do.");
  const scheme = schemeOf(old, context);
  const data = dataOf(scheme, material, signer(certificate, intermediates, context));
  const change = {
    target: "issuer",
    object: { ...old, data: { ...old?.data, ...data } },
    oldObject: old,
  } as const;
  const verdict = await judged(change, context);
  if (verdict !== undefined) return verdict;

  if (!dryRun && old !== undefined) await keepPreviousIssuer(old, context);
  const what = "the issuer";
  const fresh = () => newSecret(namespace, scheme, data);
  const unwritten = await writeObject(
    { what, collection: secrets, name: issuerSecretName, old, data, fresh },
    context,
  );
  if (unwritten !== undefined) return unwritten;
  if (!dryRun) {
    await keepInStep({ issuer: material }, context);
    await observer.reread("issuer");
  }
  return done(`Secret ${namespace}/${issuerSecretName} holds issuer ${named(certificate)}`);
}

// As liveIssuer looks: what identity could not load counts as none.
function sameIssuer(secret: Secret | undefined, looked: Certificate | undefined, { observer }: Context) {
  const opened = openIssuerSecret(secret);
  const reading = opened.readings[schemeRead(opened, observer.sources().mesh?.identity?.scheme)];
  const loads = reading?.chainRefused === undefined && reading?.key === "matches";
  return (loads ? reading?.chain[0]?.fingerprint : undefined) === looked?.fingerprint;
}

// As identity was started; else as the Secret is; else as Linkerd is by default.
function schemeOf(secret: Secret | undefined, { observer }: Context): Scheme {
  const wanted = observer.sources().mesh?.identity?.scheme;
  return wanted ?? schemeRead(openIssuerSecret(secret), undefined);
}

function signer(
  certificate: Certificate,
  intermediates: readonly Certificate[],
  { view, observer }: Context,
): Certificate | undefined {
  const now = observer.server.now();
  return view.bundle?.anchors.find(
    (anchor) => verifyAsIdentity(certificate, intermediates, [anchor], now).ok,
  );
}

function dataOf(scheme: Scheme, { chainPem, keyPem }: IssuerMaterial, anchor: Certificate | undefined) {
  const layout = layouts[scheme];
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  return {
    [layout.certificate]: base64(chainPem),
    [layout.key]: base64(keyPem),
    // `linkerd check` takes the anchors from here.
    ...(scheme === "kubernetes.io/tls" && anchor !== undefined
      ? { "ca.crt": base64(certificatePem(anchor)) }
      : {}),
  };
}

function newSecret(namespace: string, scheme: Scheme, data: Readonly<Record<string, string>>): object {
  const labels = {
    "linkerd.io/control-plane-component": "identity",
    "linkerd.io/control-plane-ns": namespace,
  };
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: scheme === "kubernetes.io/tls" ? scheme : "Opaque",
    metadata: { name: issuerSecretName, namespace, labels },
    data,
  };
}
