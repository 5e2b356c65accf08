import {
  type BundleReading,
  type Certificate,
  type CredentialsReading,
  openCertificate,
  readBundle,
  readCredentials,
  type Verification,
  verifyAsIdentity,
  verifyIssuerAsProxy,
  verifyLeafAsProxy,
} from "../../trust/x509/index.ts";
import { keyIdOf } from "../certificates/index.ts";
import type { Case } from "./cases.ts";
import type { Answer, IdentityAnswer, Parsing, ProxyAnswer } from "./oracles.ts";

/** The core says one thing of a case, an oracle another; the oracle is right. */
export interface Disagreement {
  readonly about: string;
  readonly core: string;
  readonly oracle: string;
}

/** Everything on which the core and the oracles differ in one case. */
export function disagreements(asked: Case, answer: Answer): Disagreement[] {
  const found: Disagreement[] = [];
  const compare = (about: string, core: () => string, oracle: string) => {
    const said = outcome(core);
    if (summary(said) !== summary(oracle)) found.push({ about, core: said, oracle });
  };
  const core: Core = {
    bundle: once(() => readBundle(asked.bundle)),
    credentials: once(() => readCredentials(asked.chain, asked.key)),
  };
  if (answer.identity) compareWithIdentity(asked, core, answer.identity, compare);
  if (answer.identity && answer.proxy) compareWithProxy(asked, core, answer.identity, answer.proxy, compare);
  return found;
}

/** The same difference of any certificate taken alone: does Go parse it? */
export function parsingDisagreement(der: Uint8Array, oracle: Parsing): Disagreement | undefined {
  const core = outcome(() => {
    const opened = openCertificate(der);
    return "unreadable" in opened ? `no: ${opened.unreadable}` : "yes";
  });
  const said = oracle.parses ? "yes" : `no: ${oracle.error}`;
  return summary(core) === summary(said) ? undefined : { about: "a certificate", core, oracle: said };
}

type Compare = (about: string, core: () => string, oracle: string) => void;

/** What the core reads, when it is first asked for. It may throw, which is a finding too. */
interface Core {
  bundle(): BundleReading;
  credentials(): CredentialsReading;
}

function compareWithIdentity(asked: Case, core: Core, oracle: IdentityAnswer, compare: Compare): void {
  compare(
    "identity's bundle",
    () => reading(core.bundle().anchors, core.bundle().refused),
    answered(oracle.bundle),
  );
  compare(
    "identity's chain",
    () => reading(core.credentials().chain, core.credentials().chainRefused),
    answered(oracle.chain),
  );
  compare(
    "identity's key",
    () => (core.credentials().key === "unreadable" ? `no: ${core.credentials().keyRefused}` : "yes"),
    oracle.key.ok ? "yes" : `no: ${oracle.key.error}`,
  );
  if (!oracle.chain.ok) return;
  if (oracle.key.ok)
    compare("the key's match", () => core.credentials().key, oracle.key.matches ? "matches" : "differs");
  compare(
    "being a CA",
    () => String(core.credentials().chain[0]?.basicConstraints?.ca ?? false),
    String(oracle.isCA),
  );
  if (oracle.verify === undefined) return;
  const verify = ([issuer, ...others]: readonly Certificate[]) =>
    issuer && verifyAsIdentity(issuer, others, core.bundle().anchors, asked.now);
  compare("identity's verification", () => verdict(verify(core.credentials().chain)), verdict(oracle.verify));
}

// Where identity refuses the bundle, so does the entrypoint of every proxy; where it
// refuses the chain, it mints no leaf. What the proxy would say then, nobody asks.
function compareWithProxy(
  asked: Case,
  core: Core,
  identity: IdentityAnswer,
  oracle: ProxyAnswer,
  compare: Compare,
): void {
  const proxy = () => core.bundle().proxy;
  compare(
    "the proxy's bundle",
    () => fingerprints(proxy().anchors, proxy().refused),
    answered(oracle.bundle),
  );
  if (!oracle.bundle.ok || !oracle.server || !oracle.client) return;
  compare("what the proxy skips", () => String(proxy().skipped), String(oracle.bundle.skipped));
  const known = new Set(identity.bundle.certs);
  if (!identity.bundle.ok || !oracle.bundle.certs.every((each) => known.has(each))) return;

  const trusted = new Set(oracle.bundle.certs);
  const anchors = () => core.bundle().anchors.filter(({ fingerprint }) => trusted.has(fingerprint));
  const chain = () => core.credentials().chain;
  const leaf = openCertificate(asked.leaf);
  if ("unreadable" in leaf) return;
  for (const usage of ["server", "client"] as const)
    compare(
      `the proxy's verification as ${usage}`,
      () => verdict(verifyLeafAsProxy(leaf, chain(), anchors(), asked.now, usage)),
      verdict(oracle[usage]),
    );
  if (!asked.leafIsSound || !mightHaveMinted(chain()[0], leaf)) return;
  const both = oracle.server.ok ? oracle.client : oracle.server;
  compare(
    "the issuer to a proxy",
    () => verdict(verifyIssuerAsProxy(chain(), anchors(), asked.now, leaf.dnsNames)),
    verdict(both),
  );
}

// The damage may have put another certificate first, and identity mints with ECDSA keys alone.
export function mightHaveMinted(issuer: Certificate | undefined, leaf: Certificate): boolean {
  if (issuer?.key.algorithm !== "ECDSA" || !Buffer.from(issuer.rawSubject).equals(leaf.rawIssuer))
    return false;
  return leaf.authorityKeyId === keyIdOf(Buffer.from(issuer.spki)).toString("hex");
}

const reading = (certificates: readonly Certificate[], refused: string | undefined): string =>
  fingerprints(
    certificates.map(({ fingerprint }) => fingerprint),
    refused,
  );

const fingerprints = (all: readonly string[], refused: string | undefined): string =>
  refused === undefined ? `yes: ${all.map((each) => each.slice(0, 12)).join(" ")}` : `no: ${refused}`;

const answered = (oracle: { ok: boolean; certs: readonly string[]; error?: string }): string =>
  fingerprints(oracle.certs, oracle.ok ? undefined : (oracle.error ?? "?"));

const verdict = (
  said: Pick<Verification, "ok" | "reason"> | { ok: boolean; error?: string } | undefined,
): string => {
  if (said === undefined) return "nothing";
  if (said.ok) return "yes";
  return `no: ${("error" in said ? said.error : "reason" in said ? said.reason : undefined) ?? "?"}`;
};

/** Reasons may be worded differently; that there is one may not. */
const summary = (said: string): string => (said.startsWith("no:") ? "no" : said);

function outcome(core: () => string): string {
  try {
    return core();
  } catch (error) {
    return `threw ${error instanceof Error ? error.stack : error}`;
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
