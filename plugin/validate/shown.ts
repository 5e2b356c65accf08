import { findPrivateKeys } from "../../trust/x509/index.ts";

/** The name of a field as it may be shown: somebody may have pasted a key into it. */
export function shown(name: string): string {
  return findPrivateKeys(name).length > 0 ? "(withheld)" : name.slice(0, 80);
}
