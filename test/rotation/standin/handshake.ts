import { once } from "node:events";
import { duplexPair } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { connect, createServer, type SecureContext, type TLSSocket } from "node:tls";

/** One TLS 1.3 handshake in which both show a certificate and both look at the other's. Undefined, or why it failed. */
export type Handshake = (client: Side, server: Side) => Promise<string | undefined>;

export interface Side {
  readonly identity: string;
  readonly context: SecureContext;
}

/** In memory: no port, no file. */
export function handshaking(): Handshake {
  const waiting = new Map<string, { readonly context: SecureContext; accepted(socket: TLSSocket): void }>();
  const server = createServer({
    requestCert: true,
    rejectUnauthorized: false, // what it thinks of the client is asked below, with its reason
    minVersion: "TLSv1.3",
    SNICallback: (name, done) => done(null, waiting.get(name)?.context),
  });
  server.on("secureConnection", (socket: TLSSocket & { servername?: string }) => {
    socket.on("error", () => {});
    waiting.get(socket.servername ?? "")?.accepted(socket);
  });
  server.on("tlsClientError", () => {});
  let last = 0;

  return async (client, called) => {
    const name = `call-${++last}.test`;
    const [near, far] = duplexPair();
    const accepted = new Promise<TLSSocket>((done) => {
      waiting.set(name, { context: called.context, accepted: done });
    });
    const socket = connect({
      socket: near,
      servername: name,
      secureContext: client.context,
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    try {
      server.emit("connection", far);
      const abort = new AbortController();
      const both = Promise.all([once(socket, "secureConnect"), accepted]);
      const late = sleep(30_000, undefined, { signal: abort.signal }).then(() => undefined);
      late.catch(() => {});
      const met = await Promise.race([both, late]).finally(() => abort.abort());
      if (met === undefined) return "no handshake within 30 seconds";
      return refused("the client", socket, called.identity) ?? refused("the server", met[1], client.identity);
    } catch (error) {
      return String(error);
    } finally {
      waiting.delete(name);
      socket.on("error", () => {});
      socket.destroy();
      near.destroy();
      far.destroy();
    }
  };
}

function refused(who: string, socket: TLSSocket, identity: string): string | undefined {
  const said: unknown = socket.authorizationError;
  if (!socket.authorized) return `${who} refuses: ${String(said)}`;
  const names = socket.getPeerCertificate().subjectaltname;
  return names === `DNS:${identity}` ? undefined : `${who} refuses: ${names} is not ${identity}`;
}
