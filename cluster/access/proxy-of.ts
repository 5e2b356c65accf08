import { BlockList, isIP } from "node:net";
import { Failure } from "../failure.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that kubectl would take to a server: the kubeconfig's own, else
 * what the environment says. Undefined: none. As Go reads it:
 * https://pkg.go.dev/golang.org/x/net/http/httpproxy#FromEnvironment
 */
export function proxyOf(server: URL, named: string | undefined, env: Environment): URL | undefined {
  if (named !== undefined && named !== "") return parseProxy(named, "proxy-url in the kubeconfig");
  const variable = ["HTTPS_PROXY", "https_proxy"].find((one) => env[one]);
  const value = variable === undefined ? undefined : env[variable];
  if (variable === undefined || value === undefined) return undefined;
  const proxy = parseProxy(value.includes("://") ? value : `http://${value}`, `$${variable}`);
  return passesBy(server, env["NO_PROXY"] || env["no_proxy"] || "") ? undefined : proxy;
}

const schemes = new Set(["http:", "https:", "socks5:", "socks5h:"]);

// Never quoted: a password may stand in it.
function parseProxy(text: string, where: string): URL {
  if (URL.canParse(text)) {
    const url = new URL(text);
    if (schemes.has(url.protocol) && url.hostname !== "") return url;
  }
  throw new Failure(
    `${where} names no proxy`,
    "It must be like http://proxy.example:3128; https, socks5 and socks5h are known too.",
  );
}

/** Whether no proxy is taken: by NO_PROXY, and never to this machine itself. */
function passesBy({ hostname, port }: URL, list: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  if (host === "localhost" || loopback.check(host, familyOf(host))) return true;
  return list
    .toLowerCase()
    .split(",")
    .map((one) => one.trim())
    .some((entry) => entry !== "" && matches(entry, host, port || "443"));
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8);
loopback.addAddress("::1", "ipv6");

function matches(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  const [, net = "", bits = ""] = /^(.+)\/(\d+)$/.exec(entry) ?? [];
  if (bits !== "") return inNetwork(host, net, Number(bits));
  const [, name = entry, only] = /^(.*[^:]):(\d+)$/.exec(isIP(entry) === 6 ? "" : entry) ?? [];
  if (only !== undefined && only !== port) return false;
  const wanted = name.replace(/^\[|\]$/g, "");
  if (isIP(wanted) !== 0 || isIP(host) !== 0) return wanted === host;
  // ".example.com" and "*.example.com" are what is below; "example.com" is that and itself.
  if (wanted.startsWith("*.")) return host.endsWith(wanted.slice(1));
  return wanted.startsWith(".") ? host.endsWith(wanted) : host === wanted || host.endsWith(`.${wanted}`);
}

function inNetwork(host: string, net: string, bits: number): boolean {
  const family = isIP(net);
  if (family === 0 || isIP(host) !== family || bits > (family === 6 ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(net, bits, familyOf(net));
  return list.check(host, familyOf(host));
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}
