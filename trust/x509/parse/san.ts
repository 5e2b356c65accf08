import { binary } from "../bytes.ts";
import { constructed, content, context, type Der, der, empty, read, readAny, tags } from "../der.ts";
import { need, refuse } from "../refusal.ts";
import { isDomain, mailbox } from "./domain.ts";
import { isAddress, isMask, type Network } from "./ip.ts";
import type { Extensions, Subtrees } from "./parsed.ts";
import { uriHost } from "./uri.ts";

const nameTags = { email: context(1), dns: context(2), uri: context(6), ip: context(7) };

/** SubjectAltName (RFC 5280 section 4.2.1.6) as Go's parseSANExtension reads it; true if it says nothing Go knows. */
export function readSan(value: Uint8Array, out: Extensions): boolean {
  const names = need(read(der(value), tags.sequence), "invalid subject alternative names");
  const dnsNames: string[] = [];
  const emails: string[] = [];
  const uris: { text: string; host: string }[] = [];
  const addresses: Uint8Array[] = [];
  while (!empty(names)) {
    const name = need(readAny(names), "invalid subject alternative name");
    const data = content(name);
    if (name.tag === nameTags.email) emails.push(ascii(data, "SAN rfc822Name is malformed"));
    else if (name.tag === nameTags.dns) dnsNames.push(ascii(data, "SAN dNSName is malformed"));
    else if (name.tag === nameTags.uri)
      uris.push(readUri(ascii(data, "SAN uniformResourceIdentifier is malformed")));
    else if (name.tag === nameTags.ip) addresses.push(readAddress(data));
  }
  Object.assign(out, { san: value, dnsNames, emails, uris, addresses });
  return dnsNames.length + emails.length + uris.length + addresses.length === 0;
}

/** NameConstraints (RFC 5280 section 4.2.1.10) as Go reads it; true if it constrains names Go does not know. */
export function readNameConstraints(value: Uint8Array, critical: boolean, out: Extensions): boolean {
  const invalid = "invalid NameConstraints extension";
  const outer = der(value);
  const sequence = need(read(outer, tags.sequence), invalid);
  const [permitted, excluded] = [optional(sequence, 0, invalid), optional(sequence, 1, invalid)];
  if (!empty(outer) || !empty(sequence)) refuse(invalid);
  if (empty(permitted) && empty(excluded)) refuse("empty name constraints extension");
  const allowed = readSubtrees(permitted);
  const refused = readSubtrees(excluded);
  out.nameConstraints = { critical, permitted: allowed.subtrees, excluded: refused.subtrees };
  return allowed.unhandled || refused.unhandled;
}

function optional(sequence: Der, number: number, invalid: string): Der {
  if (sequence.bytes[sequence.at] !== constructed(number) || empty(sequence)) return der(new Uint8Array());
  return need(read(sequence, constructed(number)), invalid);
}

function readSubtrees(subtrees: Der): { readonly subtrees: Subtrees; readonly unhandled: boolean } {
  const found = { dns: [] as string[], ip: [] as Network[], email: [] as string[], uri: [] as string[] };
  let unhandled = false;
  while (!empty(subtrees)) {
    const subtree = need(read(subtrees, tags.sequence), "invalid NameConstraints extension");
    const base = need(readAny(subtree), "invalid NameConstraints extension");
    const data = content(base);
    if (base.tag === nameTags.dns)
      found.dns.push(constraint(data, "dnsName", (text) => isDomain(text, true)));
    else if (base.tag === nameTags.ip) found.ip.push(readNetwork(data));
    else if (base.tag === nameTags.email) found.email.push(constraint(data, "rfc822Name", isMailConstraint));
    else if (base.tag === nameTags.uri) found.uri.push(constraint(data, "URI", isUriConstraint));
    else unhandled = true;
  }
  return { subtrees: found, unhandled };
}

// With an @ it is one mailbox, else all mailboxes of a domain.
const isMailConstraint = (text: string): boolean =>
  text.includes("@") ? mailbox(text) !== undefined : isDomain(text, true);

const isUriConstraint = (text: string): boolean => !isAddress(text) && isDomain(text, true);

function constraint(data: Uint8Array, kind: string, valid: (text: string) => boolean): string {
  const text = ascii(data, "invalid constraint value: it cannot be encoded as an IA5String");
  return valid(text) ? text : refuse(`failed to parse ${kind} constraint`);
}

function ascii(data: Uint8Array, reason: string): string {
  return data.every((octet) => octet < 0x80) ? binary(data) : refuse(reason);
}

function readUri(text: string): { text: string; host: string } {
  const host = need(uriHost(text), "cannot parse URI");
  return isDomain(host, false) ? { text, host } : refuse("cannot parse URI: invalid domain");
}

function readAddress(data: Uint8Array): Uint8Array {
  return data.length === 4 || data.length === 16
    ? data
    : refuse(`cannot parse IP address of length ${data.length}`);
}

function readNetwork(data: Uint8Array): Network {
  if (data.length !== 8 && data.length !== 32)
    refuse(`IP constraint contained value of length ${data.length}`);
  const network = { address: data.subarray(0, data.length / 2), mask: data.subarray(data.length / 2) };
  return isMask(network.mask) ? network : refuse("IP constraint contained invalid mask");
}
