import type { ObjectMeta } from "./gather/objects.ts";
import { harmless } from "./harmless.ts";
import { findPrivateKeys } from "./x509/index.ts";

export const allowAnnotation = "linkerd-certs.io/allow";
export const reasonAnnotation = "linkerd-certs.io/reason";

/** Break-glass: the rules that an object's own annotation lets pass, and why. */
export interface Override {
  /** Rule ids as written, sorted. */
  readonly rules: readonly string[];
  readonly reason?: string;
}

/** The override that an object carries; undefined where it carries none. */
export function overrideIn(meta: ObjectMeta | undefined): Override | undefined {
  const rules = (meta?.annotations?.[allowAnnotation] ?? "")
    .split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "");
  if (rules.length === 0) return undefined;
  const reason = meta?.annotations?.[reasonAnnotation];
  return {
    rules: [...new Set(rules.map(recorded))].sort(),
    ...(reason === undefined ? {} : { reason: recorded(reason) }),
  };
}

// It ends in logs, Events and the audit log, whatever was pasted into it.
function recorded(text: string): string {
  if (findPrivateKeys(text).length > 0) return "(withheld: it holds a private key)";
  return harmless(text, 200);
}
