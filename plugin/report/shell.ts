import { quoted } from "../render/quoted.ts";
import type { Survey } from "../survey/types.ts";

/** kubectl, aimed at the cluster that was looked at. */
export function kubectl({ context }: Pick<Survey, "context">, namespace: string, ...words: string[]): string {
  const where = context === undefined ? [] : ["--context", context];
  return ["kubectl", ...where, "-n", namespace, ...words].map(quoted).join(" ");
}

/** One of our own commands; with a cluster where it needs one. */
export function own(words: readonly string[], survey?: Pick<Survey, "context" | "namespace">): string {
  const { context, namespace } = survey ?? {};
  const where = [
    ...(context === undefined ? [] : ["--context", context]),
    ...(namespace === undefined || namespace === "linkerd" ? [] : ["-L", namespace]),
  ];
  return ["kubectl", "linkerd-certs", ...words, ...where].map(quoted).join(" ");
}

/** What Kubernetes lets an object be called: nothing that a shell would read otherwise. */
export function isObjectName(word: string): boolean {
  return /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(word);
}
