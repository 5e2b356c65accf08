import { type Keyed, openKeyed, validAt } from "./keyed.ts";
import { type Minting, mintAuthority, mintLeaf } from "./mint.ts";
import { type Live, type Step, wanted } from "./plan.ts";
import { type ServingState, unique } from "./state.ts";

export interface Making {
  readonly names: readonly string[];
  readonly now: Date;
  readonly leafLifetimeMs: number;
  readonly authorityLifetimeMs: number;
}

/** The state that the step writes into the Secret; `state` is the one before it. */
export async function stateAfter(
  step: Exclude<Step, "begin" | "publish">,
  state: ServingState,
  making: Making,
): Promise<ServingState> {
  if (step === "renew") return { ...state, leaf: await leafBy(state.authority, making) };
  if (step === "prepare") return { ...state, next: await authority(making) };
  const { authority: old, next, former } = state;
  if (next === undefined) return state;
  return {
    authority: next,
    leaf: await leafBy(next, making),
    former: unique([...former, old.x509].filter((x509) => validAt(x509, making.now))),
  };
}

/**
 * What to write over a Secret that cannot be used. Where this replica still
 * remembers what was there, the replicas go on with that and change to a new
 * authority in the usual order; else there is nothing to go on with.
 */
export async function beginning(
  remembered: ServingState | undefined,
  live: Live,
  making: Making,
): Promise<ServingState> {
  const fresh = await authority(making);
  if (remembered !== undefined && validAt(remembered.authority.x509, making.now)) {
    return { ...remembered, next: fresh };
  }
  const state: ServingState = { authority: fresh, leaf: await leafBy(fresh, making), former: [] };
  return { ...state, former: wanted(state, live, making.now).filter((x509) => x509 !== fresh.x509) };
}

async function authority({ now, authorityLifetimeMs }: Making): Promise<Keyed> {
  return openKeyed(await mintAuthority({ now, lifetimeMs: authorityLifetimeMs }));
}

async function leafBy(signer: Keyed, { names, now, leafLifetimeMs }: Making): Promise<Keyed> {
  const minting: Minting = { now, lifetimeMs: leafLifetimeMs };
  return openKeyed(await mintLeaf(signer, names, minting));
}
