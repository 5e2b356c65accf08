import { startOracles } from "../../oracles/oracles.ts";

/** What identity would say when it loads these texts: nothing where it takes them. */
export type Verify = (asked: Asked) => Promise<{ readonly anchors?: string; readonly issuer?: string }>;

export interface Asked {
  readonly bundle: string;
  readonly chain: string;
  readonly key: string;
  /** "identity.linkerd.cluster.local", which it puts into its words. */
  readonly expectedName: string;
}

export interface Verifier {
  readonly verify: Verify;
  stop(): Promise<void>;
}

/** Go itself verifies, not our core: a mistake of ours must show here. */
export async function startVerifier(): Promise<Verifier> {
  const oracles = await startOracles(["identity"]);
  return {
    async verify({ bundle, chain, key, expectedName }) {
      const [answer] = await oracles.judge([
        {
          now: new Date(),
          bundle: Buffer.from(bundle),
          chain: Buffer.from(chain),
          key: Buffer.from(key),
          leaf: Buffer.alloc(0),
        },
      ]);
      const identity = answer?.identity;
      if (identity === undefined) throw new Error("the stand-in needs Go\nhint: get it at go.dev/dl");
      if (!identity.bundle.ok) return { anchors: `Failed to read trust anchors: ${identity.bundle.error}` };
      const broken = identity.chain.error ?? identity.key.error;
      if (broken !== undefined) return { issuer: `failed to read CA from disk: ${broken}` };
      if (!identity.key.matches)
        return { issuer: "failed to read CA from disk: tls: Public and private key do not match" };
      if (identity.verify?.error !== undefined) {
        const about = `failed to verify issuer credentials for '${expectedName}' with trust anchors`;
        return { issuer: `${about}: ${identity.verify.error}` };
      }
      if (!identity.isCA)
        return {
          issuer: "failed to verify issuer certificate: it must be an intermediate-CA, but it is not",
        };
      return {};
    },
    stop: () => oracles.stop(),
  };
}
