import type { Goal } from "../../../trust/rotation/goal.ts";
import type { Step } from "../../../trust/rotation/plan.ts";
import type { Stage } from "../../../trust/rotation/stage.ts";

/** How people call what goes on on the way to one kind of goal. */
export interface Words {
  /** What is going on in a stage. */
  readonly stages: Readonly<Record<Stage, string>>;
  /** What is done one after the other, and the stages in which each is done. */
  readonly parts: readonly { readonly name: string; readonly stages: readonly Stage[] }[];
}

const ofAnchors: Words = {
  stages: {
    settled: "nothing has begun",
    overlapping: "everybody learns to trust both anchors",
    overlapped: "everybody trusts both; the issuer is next",
    reissued: "the issuer is new; the last old leaves go",
    released: "no old leaf is left; the old anchor goes next",
    dropping: "the old anchor is leaving",
    renewed: "done: the old anchor is gone",
  },
  parts: [
    { name: "trust both", stages: ["settled", "overlapping"] },
    { name: "new issuer", stages: ["overlapped"] },
    { name: "new leaves", stages: ["reissued"] },
    { name: "drop the old", stages: ["released", "dropping"] },
  ],
};

const ofIssuers: Words = {
  stages: {
    ...ofAnchors.stages,
    overlapped: "the issuer is to be written",
    reissued: "the issuer is written; identity is to take it",
    renewed: "done: identity signs with the new issuer",
  },
  parts: [
    { name: "write the issuer", stages: ["settled", "overlapping", "overlapped"] },
    { name: "see it in use", stages: ["reissued", "released", "dropping"] },
  ],
};

const ofRecoveries: Words = {
  stages: {
    ...ofAnchors.stages,
    settled: "what has expired is to be replaced: the bundle first",
    overlapping: "the bundle is new; the issuer is next",
    reissued: "bundle and issuer are new; everything is restarted",
    renewed: "done: everything runs with the new anchor and issuer",
  },
  parts: [
    { name: "new bundle", stages: ["settled"] },
    { name: "new issuer", stages: ["overlapping", "overlapped"] },
    { name: "restart everything", stages: ["reissued", "released", "dropping"] },
  ],
};

export function wordsFor(kind: Goal["kind"]): Words {
  return kind === "anchor" ? ofAnchors : kind === "issuer" ? ofIssuers : ofRecoveries;
}

/** "writing the trust bundle", for what is under way. */
export function doing(step: Step): string {
  switch (step.kind) {
    case "write-bundle":
      return "writing the trust bundle";
    case "write-issuer":
      return "writing the issuer";
    case "restart-component":
      return `restarting ${step.component}`;
    case "prove-injector":
      return "asking the injector what it gives to new pods";
    case "restart-workload":
      return `restarting ${step.workload}`;
  }
}

/** "42s", "3m12s", "1h05m": short, for a screen. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const two = (number: number) => String(number).padStart(2, "0");
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  return `${Math.floor(seconds / 3600)}h${two(Math.floor((seconds % 3600) / 60))}m`;
}
