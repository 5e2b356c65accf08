import { request } from "node:https";
import type { TLSSocket } from "node:tls";
import type { GuardProcess } from "../guard/process.ts";
import type { Manifest } from "../scenarios/manifests.ts";

export interface Asked {
  readonly allowed: boolean;
  readonly code: number | undefined;
  readonly message: string;
  readonly warnings: readonly string[];
  /** Of the certificate that was served. */
  readonly validFrom: Date;
  readonly validTo: Date;
}

/** Asks the guard itself about a write, past the API server: for when that is away, or lives in another time. */
export function ask({ port }: GuardProcess, object: Manifest, oldObject?: Manifest): Promise<Asked> {
  const { kind, metadata } = object;
  const asked = {
    uid: "1",
    kind: { group: "", version: "v1", kind },
    operation: oldObject === undefined ? "CREATE" : "UPDATE",
    namespace: metadata.namespace,
    name: metadata.name,
    userInfo: { username: "somebody" },
    object,
    oldObject: oldObject ?? null,
  };
  const review = { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request: asked };
  const options = {
    host: "127.0.0.1",
    port,
    path: "/validate",
    method: "POST",
    headers: { "content-type": "application/json" },
    rejectUnauthorized: false, // its time may not be ours; the dates are looked at instead
    agent: false,
  } as const;
  return new Promise((resolve, reject) => {
    const sent = request(options, async (response) => {
      // TLS it is, for the module is https.
      const { valid_from, valid_to } = (response.socket as TLSSocket).getPeerCertificate();
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const { response: said } = JSON.parse(Buffer.concat(chunks).toString()) as Reviewed; // admission.k8s.io/v1
      resolve({
        allowed: said.allowed,
        code: said.status?.code,
        message: said.status?.message ?? "",
        warnings: said.warnings ?? [],
        validFrom: new Date(valid_from),
        validTo: new Date(valid_to),
      });
    });
    sent.on("error", reject);
    sent.end(JSON.stringify(review));
  });
}

interface Reviewed {
  readonly response: {
    readonly allowed: boolean;
    readonly status?: { readonly code: number; readonly message: string };
    readonly warnings?: readonly string[];
  };
}
