/** As Go's domainNameValid (crypto/x509 parser.go), for a name or a constraint. */
export function isDomain(name: string, constraint: boolean): boolean {
  if (name === "") return true;
  if (name.endsWith(".") || !/^[\x21-\x7e]*$/.test(name)) return false;
  const labels = (constraint && name.startsWith(".") ? name.slice(1) : name).split(".");
  return labels.every((label) => label !== "");
}

export interface Mailbox {
  readonly local: string;
  readonly domain: string;
}

/** As Go's parseRFC2821Mailbox (crypto/x509 verify.go). */
export function mailbox(text: string): Mailbox | undefined {
  const found = text.startsWith('"') ? quotedLocal(text) : atoms(text);
  if (found === undefined || found.rest[0] !== "@") return undefined;
  const domain = found.rest.slice(1);
  return isMailDomain(domain) ? { local: found.local, domain } : undefined;
}

// Go takes the domain apart from its end; an empty label is refused wherever it
// is, and no label at all is accepted.
const isMailDomain = (domain: string): boolean =>
  domain === "" || domain.split(".").every((label) => /^[\x21-\x7e]+$/.test(label));

interface Local {
  readonly local: string;
  readonly rest: string;
}

function quotedLocal(text: string): Local | undefined {
  const quoted =
    // biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 2822 allows them in a quoted string.
    /^"((?:\\[\x01-\x09\x0b\x0c\x0e-\x7f]|[\x01-\x08\x0b\x0c\x0e-\x1f\x20\x21\x23-\x5b\x5d-\x7f])*)"/.exec(
      text,
    );
  if (quoted === null) return undefined;
  return { local: unescaped(quoted[1] ?? ""), rest: text.slice(quoted[0].length) };
}

function atoms(text: string): Local | undefined {
  const written = /^(?:\\[\s\S]|[0-9a-zA-Z!#$%&'*+\-/=?^_`{|}~.])*/.exec(text)?.[0] ?? "";
  const rest = text.slice(written.length);
  const local = unescaped(written);
  if (rest === "\\" || local === "" || /^\.|\.$|\.\./.test(local)) return undefined;
  return { local, rest };
}

const unescaped = (text: string): string => text.replace(/\\([\s\S])/g, "$1");
