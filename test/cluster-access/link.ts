import { readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import type { ControlPlane } from "../cluster/control-plane.ts";

/** A wire to the API server that a test can hold still or cut. */
export interface Link {
  readonly port: number;
  /** Connections stay, but nothing comes through any more; new connections are taken and say nothing. */
  freeze(): void;
  /** New connections work again; frozen ones stay frozen. */
  thaw(): void;
  /** Ends every connection. */
  cut(): void;
  close(): void;
}

export async function link(targetPort: number): Promise<Link> {
  const sockets = new Set<Socket>();
  let frozen = false;
  const server = createServer((near) => {
    const far = connect(targetPort, "127.0.0.1");
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
      one.on("error", () => {});
    }
    if (frozen) return;
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port, // it listens on TCP
    freeze() {
      frozen = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    thaw() {
      frozen = false;
    },
    cut,
    close() {
      cut();
      server.close();
    },
  };
}

/** The same kubeconfig, by way of that port. */
export function rewired(cp: ControlPlane, kubeconfig: string, port: number): string {
  const file = join(cp.dir, `kubeconfig-${port}`);
  const text = readFileSync(kubeconfig, "utf8").replaceAll(cp.server, `https://127.0.0.1:${port}`);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}
