import type { Agent as HttpAgent } from "node:http";
import { Agent } from "node:https";
import { getCACertificates } from "node:tls";
import type { Between } from "./access.ts";
import { provenAs } from "./authority.ts";

/** Keeps connections to one API server, through its proxy where there is one; `connections` at most. */
export async function agentFor(proxy: Between | undefined, connections?: number): Promise<Agent> {
  if (proxy === undefined) return directAgent(connections);
  const kept = keeping(connections);
  // Few clusters have one: nobody else loads the way through it.
  if (proxy.url.protocol.startsWith("socks")) {
    const { SocksProxyAgent } = await import("socks-proxy-agent");
    return proving(new SocksProxyAgent(asSocks(proxy.url), kept), proxy);
  }
  const { HttpsProxyAgent } = await import("https-proxy-agent");
  const ca = [...getCACertificates("default"), ...(proxy.ca === undefined ? [] : [String(proxy.ca)])];
  return proving(new HttpsProxyAgent(proxy.url, { ...kept, ca }), proxy);
}

// These agents forget an address that is no name, and Node asks for localhost's certificate then. Said
// by the agent rather than with each request, which would have a connection of its own.
function proving(agent: HttpAgent, { address }: Between): Agent {
  const known = agent as Agent; // it speaks TLS itself
  return Object.assign(known, { options: { ...known.options, ...provenAs(address) } });
}

/** Without a proxy. An idle connection is kept for two minutes. */
export function directAgent(connections?: number): Agent {
  return new Agent({ ...keeping(connections), timeout: 120_000 });
}

const keeping = (connections = Number.POSITIVE_INFINITY) => ({ keepAlive: true, maxSockets: connections });

// kubectl lets the proxy look names up, whether it says socks5 or socks5h; socks-proxy-agent tells them apart.
function asSocks(url: URL): URL {
  return new URL(url.href.replace(/^socks5:/, "socks5h:"));
}
