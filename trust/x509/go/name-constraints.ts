import { printable } from "../../harmless.ts";
import { compareBytes } from "../bytes.ts";
import { isDomain, type Mailbox, mailbox } from "../parse/domain.ts";
import { addressFamily, addressText, contains, type Network, networkText } from "../parse/ip.ts";
import type { Parsed, Subtrees } from "../parse/parsed.ts";
import { domainConstraints } from "./domain-constraints.ts";
import { type Constraints, nearestOf } from "./nearest.ts";

/** The certificate in the chain whose constraints are broken, and how. */
export interface BrokenConstraint {
  readonly at: number;
  readonly why: string;
}

/**
 * Go's checkChainConstraints (crypto/x509 constraints.go): every name in the
 * chain must be permitted by all the certificates above it.
 */
export function brokenConstraint(chain: readonly Parsed[]): BrokenConstraint | undefined {
  const constrained = chain.flatMap(({ extensions }, at) =>
    extensions.nameConstraints ? [{ at, ...rules(extensions.nameConstraints) }] : [],
  );
  for (const [i, { extensions }] of chain.entries()) {
    const above = constrained.filter(({ at }) => at > i);
    if (above.length === 0) return undefined;
    if (extensions.san === undefined) continue;
    const names = namesOf(extensions);
    if (typeof names === "string") return { at: above[0]?.at ?? i, why: names };
    for (const { at, permitted, excluded } of above) {
      const why = violation(names, permitted, excluded);
      if (why !== undefined) return { at, why };
    }
  }
  return undefined;
}

interface Names {
  readonly ip: readonly Uint8Array[];
  readonly dns: readonly string[];
  readonly uri: readonly string[];
  readonly email: readonly Mailbox[];
}

/** The names as they are compared, or why one cannot be. */
function namesOf({ uris, emails, dnsNames, addresses }: Parsed["extensions"]): Names | string {
  const hosts: string[] = [];
  for (const { host } of uris) {
    const name = hostName(host);
    if (name === undefined) return "a URI without a host name cannot be matched against constraints";
    hosts.push(name);
  }
  const boxes: Mailbox[] = [];
  for (const email of emails) {
    const box = mailbox(email);
    if (box === undefined) return "an email address is malformed";
    boxes.push({ local: box.local, domain: box.domain.toLowerCase() });
  }
  return { ip: addresses, dns: dnsNames, uri: hosts, email: boxes };
}

// Go's parseURIs: the host without its port, and no address.
function hostName(host: string): string | undefined {
  if (host === "") return undefined;
  const withPort = host.includes(":") && !host.endsWith("]");
  const name = withPort ? splitPort(host) : host.toLowerCase();
  const isLiteral = name?.startsWith("[") && name.endsWith("]");
  return name === undefined || isLiteral || addressFamily(name) !== undefined ? undefined : name;
}

// net.SplitHostPort.
function splitPort(host: string): string | undefined {
  const literal = /^\[([^[\]]*)\]:[^:[\]]*$/.exec(host);
  return (literal ?? /^([^:[\]]*):[^:[\]]*$/.exec(host))?.[1];
}

interface Rules {
  readonly ip: Constraints<Uint8Array> | undefined;
  readonly dns: Constraints<string> | undefined;
  readonly uri: Constraints<string> | undefined;
  readonly email: Constraints<Mailbox> | undefined;
}

function rules(constraints: NonNullable<Parsed["extensions"]["nameConstraints"]>) {
  return { permitted: rulesOf(constraints.permitted, true), excluded: rulesOf(constraints.excluded, false) };
}

const rulesOf = ({ ip, dns, uri, email }: Subtrees, permitted: boolean): Rules => ({
  ip: ipConstraints(ip),
  dns: domainConstraints(dns, permitted),
  uri: domainConstraints(uri, permitted),
  email: emailConstraints(email, permitted),
});

function violation(names: Names, permitted: Rules, excluded: Rules): string | undefined {
  const check = <V>(kind: string, name: V, text: string, allow?: Constraints<V>, deny?: Constraints<V>) => {
    if (allow !== undefined && allow(name) === undefined) return `${kind} ${quoted(text)} is not permitted`;
    const by = deny?.(name);
    return by === undefined ? undefined : `${kind} ${quoted(text)} is excluded by ${quoted(by)}`;
  };
  for (const ip of names.ip) {
    const why = check("IP address", ip, addressText(ip), permitted.ip, excluded.ip);
    if (why !== undefined) return why;
  }
  for (const dns of names.dns) {
    if (!isDomain(dns, false)) return `DNS name ${quoted(dns)} is malformed`;
    const why = check("DNS name", dns, dns, permitted.dns, excluded.dns);
    if (why !== undefined) return why;
  }
  for (const uri of names.uri) {
    if (!isDomain(uri, false)) return `URI host ${quoted(uri)} is malformed`;
    const why = check("URI host", uri, uri, permitted.uri, excluded.uri);
    if (why !== undefined) return why;
  }
  for (const email of names.email) {
    const text = `${email.local}@${email.domain}`;
    if (!isDomain(email.domain, false)) return `email address ${quoted(text)} is malformed`;
    const why = check("email address", email, text, permitted.email, excluded.email);
    if (why !== undefined) return why;
  }
  return undefined;
}

const quoted = (text: string): string => `"${printable(text, 100)}"`;

function ipConstraints(networks: readonly Network[]): Constraints<Uint8Array> | undefined {
  if (networks.length === 0) return undefined;
  const [four, six] = [4, 16].map((size) =>
    nearestOf(
      networks.filter(({ address }) => address.length === size),
      (a, b) => compareBytes(a.address, b.address) || compareBytes(a.mask, b.mask),
      includes,
      (network, address: Uint8Array) => compareBytes(network.address, address),
      contains,
    ),
  );
  return (address) => {
    const network = (address.length === 4 ? four : six)?.(address);
    return network && networkText(network);
  };
}

function includes(a: Network, b: Network): boolean {
  const last = b.address.map((octet, i) => octet | (~(b.mask[i] ?? 0) & 0xff));
  return contains(a, b.address) && contains(a, last);
}

function emailConstraints(
  constraints: readonly string[],
  permitted: boolean,
): Constraints<Mailbox> | undefined {
  if (constraints.length === 0) return undefined;
  const key = ({ local, domain }: Mailbox) => JSON.stringify([local, domain.toLowerCase()]);
  const exact = new Set<string>();
  const domains: string[] = [];
  for (const constraint of constraints) {
    const box = constraint.includes("@") ? mailbox(constraint) : undefined;
    if (box !== undefined) exact.add(key(box));
    else domains.push(constraint);
  }
  const byDomain = domainConstraints(domains, permitted);
  return (box) => (exact.has(key(box)) ? `${box.local}@${box.domain}` : byDomain?.(box.domain));
}
