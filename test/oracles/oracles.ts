// Two programs that know: Go's crypto/x509 doing what Linkerd's identity does when it
// starts, and rustls-webpki doing what a proxy does with its bundle and its peers.

import { type LineProcess, startLineProcess } from "./line-process.ts";
import { build, type OracleName, unavailable } from "./toolchain.ts";

export interface Question {
  readonly now: Date;
  /** The text under `ca-bundle.crt`. */
  readonly bundle: Uint8Array;
  /** The issuer Secret's certificate and key. */
  readonly chain: Uint8Array;
  readonly key: Uint8Array;
  /** A certificate signed by the issuer, as DER. */
  readonly leaf: Uint8Array;
}

interface Judged {
  readonly ok: boolean;
  readonly error?: string;
}

interface Reading extends Judged {
  readonly certs: readonly string[];
}

export interface IdentityAnswer {
  readonly bundle: Reading;
  readonly chain: Reading & { readonly ders?: readonly string[] };
  readonly key: Judged & { readonly matches: boolean };
  /** Absent where bundle or chain would not open. */
  readonly verify?: Judged;
  readonly isCA: boolean;
}

export interface ProxyAnswer {
  readonly bundle: Reading & { readonly skipped: number };
  /** Both absent where the bundle would not open. */
  readonly server?: Judged;
  readonly client?: Judged;
}

export interface Answer {
  readonly identity?: IdentityAnswer;
  readonly proxy?: ProxyAnswer;
}

export interface Parsing {
  readonly parses: boolean;
  readonly error?: string;
}

export interface Oracles {
  /** One answer for each question, in the same order. */
  judge(questions: readonly Question[]): Promise<readonly Answer[]>;
  /** Whether Go parses each of these as a certificate; nothing where Go is missing. */
  parse(ders: readonly Uint8Array[]): Promise<readonly Parsing[]>;
  stop(): Promise<void>;
}

/** For each oracle that this machine cannot build, the line to print instead. */
export const missing = (): readonly string[] =>
  (["identity", "proxy"] as const).flatMap((name) => unavailable(name) ?? []);

/** Starts every oracle whose toolchain is there, or those named. */
export async function startOracles(names: readonly OracleName[] = ["identity", "proxy"]): Promise<Oracles> {
  const start = async <A>(name: OracleName): Promise<LineProcess<A> | undefined> =>
    names.includes(name) && unavailable(name) === undefined
      ? startLineProcess<A>(await build(name))
      : undefined;
  const identity = await start<IdentityAnswer | Parsing>("identity");
  const proxy = await start<ProxyAnswer>("proxy");

  return {
    async judge(questions) {
      const byIdentity = (await identity?.ask(questions.map(forIdentity))) as
        | readonly IdentityAnswer[]
        | undefined;
      const byProxy = await proxy?.ask(questions.map((question, i) => forProxy(question, byIdentity?.[i])));
      return questions.map((_, i) => ({
        ...(byIdentity?.[i] && { identity: byIdentity[i] }),
        ...(byProxy?.[i] && { proxy: byProxy[i] }),
      }));
    },
    async parse(ders) {
      return ((await identity?.ask(ders.map((der) => ({ der: base64(der) })))) ?? []) as readonly Parsing[];
    },
    async stop() {
      await Promise.all([identity?.stop(), proxy?.stop()]);
    },
  };
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");

function forIdentity({ now, bundle, chain, key }: Question) {
  return { now: now.toISOString(), bundle: base64(bundle), chain: base64(chain), key: base64(key) };
}

// The intermediates are those that identity has read and would send. Where it refuses the
// chain it sends no leaf either, and there is nothing to ask.
function forProxy({ now, bundle, chain, leaf }: Question, identity: IdentityAnswer | undefined) {
  const asked = { bundle: base64(bundle), now: Math.floor(now.getTime() / 1000) };
  if (identity === undefined) return { ...asked, chain: base64(chain), leaf: base64(leaf) };
  return identity.chain.ok ? { ...asked, intermediates: identity.chain.ders, leaf: base64(leaf) } : asked;
}
