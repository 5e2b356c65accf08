import type { Command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";

/**
 * `linkerd check` looks for programs called linkerd-*, asks each for this, and
 * runs its `check --output=json` (linkerd2 pkg/healthcheck, check_extensions.go).
 * The name must be the file's.
 */
export const extensionMetadata: Command = {
  name: "_extension-metadata",
  summary: "Tells linkerd check that this is an extension",
  help: "Usage: linkerd-certs _extension-metadata\n",
  hidden: true,
  options: {},
  takes: [],

  async run(_args, { stdout }) {
    stdout.write(`${JSON.stringify({ name: "linkerd-certs", checks: "always" })}\n`);
    return exitCodes.ok;
  },
};
