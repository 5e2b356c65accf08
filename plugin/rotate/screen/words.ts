import type { Step } from "../../../trust/rotation/plan.ts";
import type { Stage } from "../../../trust/rotation/stage.ts";

/** What is going on in a stage, as people call it. */
export const stageWords: Readonly<Record<Stage, string>> = {
  settled: "nothing has begun",
  overlapping: "everybody learns to trust both anchors",
  overlapped: "everybody trusts both; the issuer is next",
  reissued: "the issuer is new; the last old leaves go",
  released: "no old leaf is left; the old anchor goes next",
  dropping: "the old anchor is leaving",
  renewed: "done: the old anchor is gone",
};

/** What a rotation of an anchor does, one thing after the other, and the stage in which each is done. */
export const parts: readonly { readonly name: string; readonly stages: readonly Stage[] }[] = [
  { name: "trust both", stages: ["settled", "overlapping"] },
  { name: "new issuer", stages: ["overlapped"] },
  { name: "new leaves", stages: ["reissued"] },
  { name: "drop the old", stages: ["released", "dropping"] },
];

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

/** "1 workload", "12 workloads". */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
