import type { Command } from "../command.ts";
import { bundle } from "./bundle.ts";
import { check } from "./check.ts";
import { completeWords, completion } from "./completion.ts";
import { createAnchor } from "./create-anchor.ts";
import { createIssuer } from "./create-issuer.ts";
import { createLeaf } from "./create-leaf.ts";
import { explain } from "./explain.ts";
import { extensionMetadata } from "./extension.ts";
import { inspect } from "./inspect.ts";
import { recoverAnchor } from "./recover-anchor.ts";
import { recoverExpired } from "./recover-expired.ts";
import { report } from "./report.ts";
import { requestIssuer } from "./request-issuer.ts";
import { rotateAbort } from "./rotate-abort.ts";
import { rotateAnchor, upgrade } from "./rotate-anchor.ts";
import { rotateHistory } from "./rotate-history.ts";
import { rotateIssuer } from "./rotate-issuer.ts";
import { rotateRollback } from "./rotate-rollback.ts";
import { rotateStatus } from "./rotate-status.ts";
import { rulesCommand } from "./rules.ts";
import { sign } from "./sign.ts";
import { validateCommand } from "./validate.ts";
import { versionCommand } from "./version.ts";

/** Every verb, in the order in which the overview lists them. */
export const commands: readonly Command[] = [
  check,
  validateCommand,
  inspect,
  report,
  bundle,
  createAnchor,
  createIssuer,
  createLeaf,
  requestIssuer,
  sign,
  recoverAnchor,
  rotateAnchor,
  rotateIssuer,
  rotateStatus,
  rotateAbort,
  rotateRollback,
  rotateHistory,
  recoverExpired,
  upgrade,
  explain,
  rulesCommand,
  completion,
  versionCommand,
  extensionMetadata,
  completeWords,
];
