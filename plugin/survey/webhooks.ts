import { layouts } from "../../trust/gather/issuer-secret.ts";
import type { Secret } from "../../trust/gather/objects.ts";
import { moment, named } from "../../trust/naming.ts";
import {
  type CredentialsReading,
  readBundle,
  readCredentials,
  verifyAsIdentity,
} from "../../trust/x509/index.ts";
import type { Look, Seen } from "./look.ts";
import { ownersIn } from "./places.ts";
import type { WebhookCertificate } from "./types.ts";

const guardNamespace = "linkerd-certs";
/** The guard fills and renews it by itself (webhook/serving). */
const ownSecret = "linkerd-certs-serving";

/** The certificates by which the API server knows Linkerd's webhooks, and the guard. */
export async function readWebhooks(look: Look, namespace: string, now: Date): Promise<WebhookCertificate[]> {
  const hooks = [
    linkerds("proxy-injector", "MutatingWebhookConfiguration", namespace),
    linkerds("sp-validator", "ValidatingWebhookConfiguration", namespace),
    linkerds("policy-validator", "ValidatingWebhookConfiguration", namespace),
    {
      name: "linkerd-certs",
      kind: "ValidatingWebhookConfiguration",
      configuration: "linkerd-certs",
      namespace: guardNamespace,
      // Its own, or cert-manager's (manifests/cert-manager).
      secrets: [ownSecret, "linkerd-certs-tls"],
    },
  ] as const;
  const read = await Promise.all(hooks.map((hook) => readWebhook(look, hook, now)));
  return read.filter((one) => one !== undefined);
}

interface Hook {
  readonly name: string;
  readonly kind: "MutatingWebhookConfiguration" | "ValidatingWebhookConfiguration";
  readonly configuration: string;
  readonly namespace: string;
  /** The first one that holds a certificate counts. */
  readonly secrets: readonly string[];
}

function linkerds(name: string, kind: Hook["kind"], namespace: string): Hook {
  return {
    name,
    kind,
    configuration: `linkerd-${name}-webhook-config`,
    namespace,
    secrets: [`linkerd-${name}-k8s-tls`],
  };
}

interface Configuration {
  readonly webhooks?: readonly {
    readonly failurePolicy?: string;
    readonly clientConfig?: {
      readonly caBundle?: string;
      readonly service?: { readonly name: string; readonly namespace: string };
    };
  }[];
}

async function readWebhook(look: Look, hook: Hook, now: Date): Promise<WebhookCertificate | undefined> {
  const configuration = `${hook.kind} ${hook.configuration}`;
  const plural = `${hook.kind.toLowerCase()}s`;
  const path = `/apis/admissionregistration.k8s.io/v1/${plural}/${hook.configuration}`;
  const seen = await look.one(configuration, path, "aside");
  if (seen?.value === undefined) return undefined;
  const { webhooks = [] } = seen.value as Configuration; // the path says so
  const { secret, held } = await readSecret(look, hook);
  const common = {
    name: hook.name,
    configuration,
    secret,
    failurePolicy: webhooks.some((one) => one.failurePolicy !== "Ignore") ? "Fail" : "Ignore",
  };
  if (held === undefined) return { ...common, seen: false, problems: [] };
  if (held.value === undefined) return { ...common, seen: true, problems: [`${secret} is not there`] };
  const reading = readServing(held.value as Secret);
  const certificate = reading?.chain[0];
  const renewedBy = renewerOf(secret, held);
  return {
    ...common,
    seen: true,
    ...(renewedBy === undefined ? {} : { renewedBy }),
    ...(certificate === undefined ? {} : { certificate }),
    problems: problemsOf(reading, secret, webhooks, now),
  };
}

async function readSecret(look: Look, { namespace, secrets: [name = "", ...others] }: Hook) {
  const secret = `Secret ${namespace}/${name}`;
  const held = await look.one(secret, `/api/v1/namespaces/${namespace}/secrets/${name}`, "aside");
  const empty =
    (held?.value as Secret | undefined)?.data?.[layouts["kubernetes.io/tls"].certificate] === undefined;
  for (const other of empty && held !== undefined ? others : []) {
    const path = `/api/v1/namespaces/${namespace}/secrets/${other}`;
    const instead = await look.one(`Secret ${namespace}/${other}`, path, "aside");
    if (instead?.value !== undefined) return { secret: `Secret ${namespace}/${other}`, held: instead };
  }
  return { secret, held };
}

function renewerOf(secret: string, held: Seen<unknown>): WebhookCertificate["renewedBy"] {
  if (ownersIn(held).some(({ kind }) => kind === "cert-manager")) return "cert-manager";
  return secret === `Secret ${guardNamespace}/${ownSecret}` ? "itself" : undefined;
}

// The key becomes "matches" or not, and is dropped.
function readServing({ data = {} }: Secret): CredentialsReading | undefined {
  const layout = layouts["kubernetes.io/tls"];
  const bytes = (key: string) => Buffer.from(data[key] ?? "", "base64");
  const certificate = bytes(layout.certificate);
  return certificate.length === 0 ? undefined : readCredentials(certificate, bytes(layout.key));
}

function problemsOf(
  reading: CredentialsReading | undefined,
  secret: string,
  webhooks: NonNullable<Configuration["webhooks"]>,
  now: Date,
): string[] {
  const [certificate, ...intermediates] = reading?.chain ?? [];
  if (reading === undefined || certificate === undefined)
    return [`${secret} holds no certificate${reading?.chainRefused ? `: ${reading.chainRefused}` : ""}`];
  if (certificate.notAfter < now)
    return [`certificate ${named(certificate)} expired at ${moment(certificate.notAfter)}`];
  const problems = new Set<string>();
  if (reading.key !== "matches") problems.add(`the key in ${secret} does not belong to its certificate`);
  for (const { clientConfig } of webhooks) {
    const name =
      clientConfig?.service && `${clientConfig.service.name}.${clientConfig.service.namespace}.svc`;
    if (name !== undefined && !isFor(certificate.dnsNames, name))
      problems.add(`certificate ${named(certificate)} is not for ${name}`);
    const caBundle = Buffer.from(clientConfig?.caBundle ?? "", "base64");
    const { ok, reason } = verifyAsIdentity(certificate, intermediates, readBundle(caBundle).anchors, now);
    if (caBundle.length === 0) problems.add("the webhook's caBundle is empty");
    else if (!ok) problems.add(`the webhook's caBundle does not verify ${named(certificate)}: ${reason}`);
  }
  return [...problems].sort();
}

function isFor(names: readonly string[], wanted: string): boolean {
  return names.includes(wanted) || names.includes(`*.${wanted.split(".").slice(1).join(".")}`);
}
