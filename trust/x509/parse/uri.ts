import { addressFamily } from "./ip.ts";

/** The host of a URI as Go's net/url Parse reads it, or undefined where Go refuses the URI. */
export function uriHost(text: string): string | undefined {
  const [beforeFragment = "", fragment = ""] = cut(text, "#");
  const host = parse(beforeFragment);
  return host === undefined || !wellEscaped(fragment) ? undefined : host;
}

function parse(text: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Go refuses control characters.
  if (/[\x00-\x1f\x7f]/.test(text)) return undefined;
  if (text === "*") return "";
  if (text.startsWith(":")) return undefined;
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text)?.[1];
  const [rest = ""] = cut(scheme === undefined ? text : text.slice(scheme.length + 1), "?");
  if (!rest.startsWith("/")) {
    // Without a leading slash it is opaque, or a relative path, whose first segment holds no colon.
    if (scheme !== undefined) return "";
    return rest.split("/")[0]?.includes(":") || !wellEscaped(rest) ? undefined : "";
  }
  if (!rest.startsWith("//") || (scheme === undefined && rest.startsWith("///"))) {
    return wellEscaped(rest) ? "" : undefined;
  }
  const slash = rest.indexOf("/", 2);
  const [authority, path] = slash < 0 ? [rest.slice(2), ""] : [rest.slice(2, slash), rest.slice(slash)];
  return wellEscaped(path) ? authorityHost(scheme?.toLowerCase() ?? "", authority) : undefined;
}

function authorityHost(scheme: string, authority: string): string | undefined {
  const at = authority.lastIndexOf("@");
  const user = at < 0 ? "" : authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user) || !wellEscaped(user)) return undefined;
  return parseHost(scheme, authority.slice(at + 1));
}

function parseHost(scheme: string, host: string): string | undefined {
  const bracket = host.lastIndexOf("[");
  if (bracket > 0) return undefined;
  if (bracket === 0) return literal(host);
  const colon = host.indexOf(":");
  if (colon >= 0) {
    const strict = scheme === "http" || scheme === "https";
    if (!isPort(host.slice(strict ? colon : host.lastIndexOf(":")))) return undefined;
  }
  return unescapeHost(host);
}

// RFC 3986 section 3.2.2 and RFC 6874: "[v6]", "[v6%25zone]", and a port.
function literal(host: string): string | undefined {
  const close = host.lastIndexOf("]");
  if (close < 0 || !isPort(host.slice(close + 1))) return undefined;
  const inner = host.slice(1, close);
  const zone = inner.indexOf("%25");
  const address = unescapeHost(zone < 0 ? inner : inner.slice(0, zone));
  const suffix = zone < 0 ? "" : unescapeZone(inner.slice(zone));
  if (address === undefined || suffix === undefined) return undefined;
  return addressFamily(address + suffix) === "IPv6"
    ? `[${address}${suffix}]${host.slice(close + 1)}`
    : undefined;
}

const isPort = (text: string): boolean => text === "" || /^:\d*$/.test(text);
const wellEscaped = (text: string): boolean => !/%(?![0-9a-fA-F]{2})/.test(text);
const hostCharacters = /^[A-Za-z0-9!"$&'()*+,\-.:;<=>[\]_~\x80-\xff%]*$/;
const hostAscii = /^[A-Za-z0-9!"$&'()*+,\-.:;<=>[\]_~]$/;

// In a host only bytes beyond ASCII may be escaped, and the percent sign itself.
function unescapeHost(text: string): string | undefined {
  if (!hostCharacters.test(text) || !wellEscaped(text) || /%(?!25)[0-7]/.test(text)) return undefined;
  return unescaped(text);
}

function unescapeZone(text: string): string | undefined {
  if (!hostCharacters.test(text) || !wellEscaped(text)) return undefined;
  for (const [escaped] of text.matchAll(/%[0-9a-fA-F]{2}/g)) {
    const character = unescaped(escaped);
    if (escaped !== "%25" && character !== " " && !hostAscii.test(character)) return undefined;
  }
  return unescaped(text);
}

const unescaped = (text: string): string =>
  text.replace(/%([0-9a-fA-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));

function cut(text: string, mark: string): readonly string[] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
