import { Agent } from "node:https";
import { getCACertificates } from "node:tls";
import type { Between } from "./access.ts";

/** Keeps connections to one API server, through its proxy where there is one; `connections` at most. */
export async function agentFor(proxy: Between | undefined, connections?: number): Promise<Agent> {
  if (proxy === undefined) return directAgent(connections);
  const kept = keeping(connections);
  // Few clusters have one: nobody else loads the way through it.
  if (proxy.url.protocol.startsWith("socks")) {
    const { SocksProxyAgent } = await import("socks-proxy-agent");
    return new SocksProxyAgent(asSocks(proxy.url), kept) as unknown as Agent; // an http.Agent that speaks TLS itself
  }
  const { HttpsProxyAgent } = await import("https-proxy-agent");
  const ca = [...getCACertificates("default"), ...(proxy.ca === undefined ? [] : [String(proxy.ca)])];
  return new HttpsProxyAgent(proxy.url, { ...kept, ca }) as unknown as Agent; // as above
}

export function directAgent(connections?: number): Agent {
  return new Agent({ ...keeping(connections), timeout: 120_000 });
}

const keeping = (connections = Number.POSITIVE_INFINITY) => ({ keepAlive: true, maxSockets: connections });

// kubectl lets the proxy look names up, whether it says socks5 or socks5h; socks-proxy-agent tells them apart.
function asSocks(url: URL): URL {
  return new URL(url.href.replace(/^socks5:/, "socks5h:"));
}
