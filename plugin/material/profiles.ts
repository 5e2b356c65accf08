import type { ParseArgsOptionsConfig } from "node:util";
import { type Arguments, UsageError } from "../command.ts";
import { parseUntil } from "./until.ts";

const lifetimes = {
  production: { anchor: "10y", issuer: "1y", leaf: "1d" },
  staging: { anchor: "1y", issuer: "30d", leaf: "1d" },
} as const;

type Kind = keyof typeof lifetimes.production;

export const profileHelp = (
  kind: Kind,
) => `  --profile production|staging  how long it lives: ${lifetimes.production[kind]} or ${lifetimes.staging[kind]} (production)
  --not-after TIME         its end: 8760h, 90d, 10y or 2036-01-31T12:00:00Z (what the profile says)
`;

export const namesHelp = `  --trust-domain DOMAIN    the mesh's (cluster.local)
  -L, --linkerd-namespace NAME  where Linkerd's control plane is (linkerd)
`;

export const passphraseHelp = `  --encrypt                asks for a passphrase to encrypt the new key with
  --passphrase-file FILE   reads that passphrase from a file
`;

export const namesOptions = {
  "trust-domain": { type: "string", default: "cluster.local" },
  "linkerd-namespace": { type: "string", short: "L", default: "linkerd" },
} as const satisfies ParseArgsOptionsConfig;

export const profileOptions = {
  profile: { type: "string", default: "production" },
  "not-after": { type: "string" },
} as const satisfies ParseArgsOptionsConfig;

export const passphraseOptions = {
  encrypt: { type: "boolean" },
  "passphrase-file": { type: "string" },
} as const satisfies ParseArgsOptionsConfig;

/** When what is made now ends. */
export function endOf(kind: Kind, args: Arguments, now: Date): Date {
  const profile = args.text("profile") ?? "production";
  if (profile !== "production" && profile !== "staging")
    throw new UsageError(`--profile ${profile}: must be production or staging`);
  return parseUntil("--not-after", args.text("not-after") ?? lifetimes[profile][kind], now);
}

/** Clocks differ: what is made here is valid there at once. */
export function beginOf(now: Date, notBefore = new Date(0)): Date {
  return new Date(Math.max(now.getTime() - 300_000, notBefore.getTime()));
}

export interface MeshNames {
  readonly trustDomain: string;
  readonly anchor: string;
  readonly issuer: string;
  /** What identity puts into a leaf (linkerd2 controller/identity/validator.go). */
  leaf(serviceAccount: string, namespace: string): string;
}

/** By the flags; throws a UsageError where one is no DNS name. */
export function meshNames(args: Arguments): MeshNames {
  const trustDomain = dnsName("--trust-domain", args.text("trust-domain") ?? "");
  const namespace = dnsName("--linkerd-namespace", args.text("linkerd-namespace") ?? "");
  return namesOf(namespace, trustDomain);
}

/** What Linkerd's documentation calls them, and what identity writes into leaves. */
export function namesOf(namespace: string, trustDomain: string): MeshNames {
  return {
    trustDomain,
    anchor: `root.${namespace}.${trustDomain}`,
    issuer: `identity.${namespace}.${trustDomain}`,
    leaf: (account, of) => `${account}.${of}.serviceaccount.identity.${namespace}.${trustDomain}`,
  };
}

/** The flag's text, if it is a DNS name in lower case; else throws a UsageError. */
export function dnsName(flag: string, text: string): string {
  const labels = text.split(".");
  if (text.length > 253 || !labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label)))
    throw new UsageError(`${flag} ${text}: must be a DNS name in lower case`);
  return text;
}

/** A common name holds 64 characters (RFC 5280 appendix A.1). */
export function commonName(flag: string, text: string): string {
  if (text.length > 64)
    throw new UsageError(`${flag} ${text}: is longer than 64 characters; give a shorter name`);
  return text;
}

/** At most as many words as there are names for. */
export function fileNames(args: Arguments, defaults: readonly string[]): readonly string[] {
  const { positionals } = args;
  if (positionals.length > defaults.length)
    throw new UsageError(`at most ${defaults.length} files are named: ${positionals.join(" ")}`);
  return defaults.map((name, i) => positionals[i] ?? name);
}
