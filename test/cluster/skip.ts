import { binariesAvailable } from "./binaries.ts";

/** Why tests that need a control plane are skipped, or false. */
export const skip =
  binariesAvailable() === "missing-go" && "needs Go to build the control plane, or KUBEBUILDER_ASSETS";
