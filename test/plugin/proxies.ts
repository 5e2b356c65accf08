import { createServer, type IncomingMessage, type Server } from "node:http";
import { createServer as createSecure } from "node:https";
import { type AddressInfo, connect, createServer as createPlain, type Socket } from "node:net";
import type { Duplex } from "node:stream";

export interface TestProxy {
  readonly port: number;
  /** What it was asked to reach, in order: "127.0.0.1:6443". */
  readonly asked: string[];
  close(): void;
}

export interface ProxyOptions {
  /** "user:password"; without it, whoever comes. */
  readonly login?: string;
  /** Its own certificate: an https proxy. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Takes the question and never answers. */
  readonly silent?: boolean;
  /** Names that only it knows, and where they are. */
  readonly hosts?: Readonly<Record<string, string>>;
}

/** A proxy that tunnels for whoever says CONNECT (RFC 9110 9.3.6). */
export async function connectProxy({
  login,
  tls,
  silent,
  hosts = {},
}: ProxyOptions = {}): Promise<TestProxy> {
  const open = new Set<Duplex>();
  const asked: string[] = [];
  const expected = login && `Basic ${Buffer.from(login).toString("base64")}`;
  const server: Server = tls === undefined ? createServer() : createSecure(tls);
  server.on("connect", (request: IncomingMessage, near: Duplex) => {
    keep(near, open);
    asked.push(request.url ?? "");
    if (silent) return;
    if (expected !== undefined && request.headers["proxy-authorization"] !== expected) {
      near.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      return;
    }
    const { hostname, port } = new URL(`tcp://${request.url}`);
    const far = keep(connect(Number(port), hosts[hostname] ?? hostname), open);
    far.on("connect", () => {
      near.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      near.pipe(far).pipe(near);
    });
    far.on("error", () => near.end("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
  });
  return listening(server, asked, open);
}

/** A SOCKS5 proxy (RFC 1928), with a password (RFC 1929) where it is given one. */
export async function socksProxy({ login, hosts = {} }: ProxyOptions = {}): Promise<TestProxy> {
  const open = new Set<Duplex>();
  const asked: string[] = [];
  const server = createPlain((near) => {
    keep(near, open);
    const serve = async () => {
      const read = reader(near);
      const [, methods = 0] = await read(2);
      await read(methods);
      near.write(Buffer.from([5, login === undefined ? 0 : 2]));
      if (login !== undefined) {
        const user = (await read((await read(2))[1] ?? 0)).toString();
        const password = (await read((await read(1))[0] ?? 0)).toString();
        const known = `${user}:${password}` === login;
        near.write(Buffer.from([1, known ? 0 : 1]));
        if (!known) {
          near.end();
          return;
        }
      }
      const [, , , kind] = await read(4);
      const host =
        kind === 3 ? (await read((await read(1))[0] ?? 0)).toString() : [...(await read(4))].join(".");
      const port = (await read(2)).readUInt16BE();
      asked.push(`${host}:${port}`);
      const far = keep(connect(port, hosts[host] ?? host), open);
      far.on("connect", () => {
        near.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
        near.pipe(far).pipe(near);
      });
      far.on("error", () => near.end(Buffer.from([5, 5, 0, 1, 0, 0, 0, 0, 0, 0])));
    };
    serve().catch(() => near.destroy());
  });
  return listening(server, asked, open);
}

/** So many bytes after one another; no more is taken than was asked for. */
function reader(socket: Socket): (length: number) => Promise<Buffer> {
  return async (length) => {
    for (;;) {
      const bytes: Buffer | null = length === 0 ? Buffer.alloc(0) : socket.read(length);
      if (bytes !== null) return bytes;
      await new Promise((resolve) => socket.once("readable", resolve));
    }
  };
}

function keep<T extends Duplex>(socket: T, open: Set<Duplex>): T {
  open.add(socket);
  socket.on("error", () => {});
  return socket;
}

async function listening(
  server: ReturnType<typeof createPlain>,
  asked: string[],
  open: ReadonlySet<Duplex>,
): Promise<TestProxy> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port, // it listens on TCP
    asked,
    close() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
