import type { ServingApi, Written } from "../../webhook/serving/api.ts";
import type { SecretData } from "../../webhook/serving/state.ts";

/** An API server's part in a test that needs none: two objects with versions. */
export interface MemoryApi extends ServingApi {
  data(): SecretData;
  setData(data: SecretData): void;
  bundle(): string;
  setBundle(pem: string): void;
}

export function memoryApi(): MemoryApi {
  let secret = { version: 1, data: {} as SecretData };
  let configuration = { version: 1, pem: "" };
  const put = (version: number, data: SecretData): Written => {
    if (version !== secret.version) return "conflict";
    secret = { version: version + 1, data };
    return "written";
  };
  return {
    readSecret: async () => ({ data: secret.data, object: secret.version }),
    updateSecret: async ({ object }, data) => put(Number(object), data),
    readConfiguration: async () => ({
      resourceVersion: String(configuration.version),
      webhooks: ["one", "two"].map((name) => ({ name, caBundle: configuration.pem })),
    }),
    async patchCaBundle({ resourceVersion }, pem) {
      if (resourceVersion !== String(configuration.version)) return "conflict";
      configuration = { version: configuration.version + 1, pem };
      return "written";
    },
    data: () => secret.data,
    setData: (data) => void put(secret.version, data),
    bundle: () => configuration.pem,
    setBundle(pem) {
      configuration = { version: configuration.version + 1, pem };
    },
  };
}
