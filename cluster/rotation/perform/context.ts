import type { RotationView } from "../../../trust/rotation/view.ts";
import type { Fingerprint } from "../../../trust/x509/index.ts";
import type { Observer } from "../observe/observer.ts";
import type { Canary } from "./canary.ts";
import type { Insistence } from "./insist.ts";

/** With what a step is done. */
export interface Context {
  readonly observer: Observer;
  /** Linkerd's own. */
  readonly namespace: string;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** What the plan was made of. */
  readonly view: RotationView;
  /** Asks the API server and the guard, and writes nothing. */
  readonly dryRun: boolean;
  /** Which rotation this is, for what is kept of the issuer before. */
  readonly rotation: string;
  /** The new issuer is to have the anchor of the one before. */
  readonly underSameAnchor?: boolean;
  readonly canary?: Canary;
  /** Issuers of this run that cert-manager has renewed, and by the old anchor all the same. */
  readonly renewedInVain?: Set<Fingerprint>;
  /** Takes what did not succeed and is no reason to stop: a sentence, and what to do about it. */
  warn?(message: string, hint: string): void;
  /** The issuer to write, when its time has come; undefined where nobody has given one. */
  issuer?(): Promise<IssuerMaterial>;
}

/** PEM. It goes into the Secret, and nowhere else. */
export interface IssuerMaterial {
  readonly chainPem: string;
  readonly keyPem: string;
}

export const insistence = ({ signal, random }: Context): Insistence => ({ signal, random });
