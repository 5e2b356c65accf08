import type { Cluster } from "../../cluster/connect.ts";
import { reflect } from "../../cluster/reflect.ts";
import type { CertificateConfig } from "../config.ts";
import type { Log } from "../log/log.ts";
import type { ServingApi, Written } from "./api.ts";

type Names = Pick<CertificateConfig, "namespace" | "secretName" | "webhookConfigurationName">;

/**
 * The real thing. Needs get and update on the one Secret, get and patch on the
 * one configuration; with list and watch on both it is quicker.
 */
export function clusterServingApi(cluster: Cluster, names: Names, clock: () => Date, log?: Log): ServingApi {
  const secrets = `/api/v1/namespaces/${names.namespace}/secrets`;
  const configurations = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
  const secret = `${secrets}/${names.secretName}`;
  const configuration = `${configurations}/${names.webhookConfigurationName}`;

  return {
    async readSecret() {
      const { status, body } = await cluster.request("GET", secret);
      if (status === 404) return undefined;
      const { data } = expect<SecretBody>(status, 200, body);
      const decoded = Object.entries(data ?? {}).map(([key, value]) => [key, fromBase64(value)]);
      return { data: Object.fromEntries(decoded), object: body };
    },
    async updateSecret({ object }, data) {
      const encoded = Object.entries(data).map(([key, text]) => [key, toBase64(text)]);
      // As it was read, the resourceVersion above all: that is what makes a conflict of a race.
      const replaced = { ...(object as object), data: Object.fromEntries(encoded) };
      return written(await cluster.request("PUT", secret, { body: replaced, query: { fieldManager } }));
    },
    async readConfiguration() {
      const { status, body } = await cluster.request("GET", configuration);
      if (status === 404) return undefined;
      const { metadata, webhooks } = expect<ConfigurationBody>(status, 200, body);
      return {
        resourceVersion: metadata.resourceVersion,
        webhooks: (webhooks ?? []).map(({ name, clientConfig }) => ({
          name,
          caBundle: fromBase64(clientConfig.caBundle ?? ""),
        })),
      };
    },
    async patchCaBundle({ resourceVersion, webhooks }, pem) {
      const caBundle = toBase64(pem);
      const body = {
        metadata: { resourceVersion },
        webhooks: webhooks.map(({ name }) => ({ name, clientConfig: { caBundle } })), // merged by name
      };
      const contentType = "application/strategic-merge-patch+json";
      return written(
        await cluster.request("PATCH", configuration, { body, contentType, query: { fieldManager } }),
      );
    },
    watch(changed) {
      const one = (path: string, name: string) =>
        reflect(cluster, {
          path,
          fieldSelector: `metadata.name=${name}`,
          project: versionOf,
          clock,
          ...(log ? { log } : {}),
        });
      const watches = [one(secrets, names.secretName), one(configurations, names.webhookConfigurationName)];
      for (const reflector of watches) reflector.onChange(changed);
      return () => {
        for (const reflector of watches) reflector.stop();
      };
    },
  };
}

/** Whose fields these are: so that nobody's manifest claims them, and no diff shows them. */
const fieldManager = "linkerd-certs-serving";

interface SecretBody {
  readonly data?: Readonly<Record<string, string>>;
}

interface ConfigurationBody {
  readonly metadata: { readonly resourceVersion: string };
  readonly webhooks?: readonly {
    readonly name: string;
    readonly clientConfig: { readonly caBundle?: string };
  }[];
}

// Only that it changed is of interest; nothing of a Secret is kept.
const versionOf = (object: unknown) => (object as ConfigurationBody).metadata.resourceVersion;

const toBase64 = (text: string) => Buffer.from(text).toString("base64");
const fromBase64 = (text: string) => Buffer.from(text, "base64").toString();

function written({ status, body }: { readonly status: number; readonly body: unknown }): Written {
  if (status === 409) return "conflict";
  expect(status, 200, body);
  return "written";
}

// The API server's answers have the shape that its API promises.
function expect<T>(status: number, expected: number, body: unknown): T {
  if (status === expected) return body as T;
  const said = typeof body === "object" && body !== null && "message" in body ? `: ${body.message}` : "";
  throw new Error(`the API server answered ${status}${said}`);
}
