import { base64 } from "../base64.ts";
import { bundle, type Minted } from "../certificates/index.ts";

export interface Manifest {
  readonly apiVersion: "v1";
  readonly kind: "ConfigMap" | "Secret";
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly type?: string;
  readonly data: Readonly<Record<string, string>>;
}

const namespace = "linkerd";

export function trustRootsOf(
  text: string | readonly Minted[],
  more: Partial<Manifest["metadata"]> = {},
): Manifest {
  const data = { "ca-bundle.crt": typeof text === "string" ? text : bundle(...text) };
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "linkerd-identity-trust-roots", namespace, ...more },
    data,
  };
}

export function issuerOf(
  issuer: Minted,
  more: {
    readonly keyPem?: string;
    readonly keys?: readonly [string, string];
    readonly annotations?: Readonly<Record<string, string>>;
  } = {},
): Manifest {
  const [certificate, key] = more.keys ?? ["crt.pem", "key.pem"];
  const { annotations } = more;
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "linkerd-identity-issuer", namespace, ...(annotations ? { annotations } : {}) },
    data: { [certificate]: base64(issuer.pem), [key]: base64(more.keyPem ?? issuer.keyPem) },
  };
}
