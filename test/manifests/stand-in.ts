import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { anchor, day, leaf } from "../certificates/index.ts";

export interface Call {
  readonly operation: string;
  readonly resource: string;
  readonly namespace: string;
  /** Of the object, or of the old one where something is deleted. */
  readonly name: string;
  readonly dryRun: boolean;
}

/** Stands for the guard: lets everything pass, and counts. */
export interface StandIn {
  readonly port: number;
  readonly caBundle: string;
  /** What it was asked since the last time. */
  take(): Call[];
  stop(): Promise<void>;
}

export async function startStandIn(): Promise<StandIn> {
  const valid = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + day) };
  const authority = anchor("stand-in", valid);
  const served = leaf(authority, { ...valid, sans: ["dns:linkerd-certs.linkerd-certs.svc"] });
  let calls: Call[] = [];

  const server = createServer({ cert: served.pem, key: served.pkcs8Pem }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const review = JSON.parse(Buffer.concat(chunks).toString()) as Review; // the API server wrote it
    calls.push(callOf(review));
    const answer = { ...review, request: undefined, response: { uid: review.request.uid, allowed: true } };
    response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    port: (server.address() as AddressInfo).port, // an address, for it listens on TCP
    caBundle: authority.pem,
    take() {
      const taken = calls;
      calls = [];
      return taken;
    },
    async stop() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Named {
  readonly metadata: { readonly name: string };
}

interface Review {
  readonly request: {
    readonly uid: string;
    readonly operation: string;
    readonly resource: { readonly resource: string };
    readonly namespace: string;
    readonly dryRun: boolean;
    readonly object: Named | null;
    readonly oldObject: Named | null;
  };
}

function callOf({ request }: Review): Call {
  const { operation, namespace, dryRun, resource, object, oldObject } = request;
  const name = (object ?? oldObject)?.metadata.name ?? "(neither object)";
  return { operation, resource: resource.resource, namespace, name, dryRun };
}
