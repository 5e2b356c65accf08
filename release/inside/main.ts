// What the single executable runs: it reads the program's parts from itself. Bundled into one file by
// release/executable.ts.

import { getRawAsset } from "node:sea";
import { requireFrom } from "./parts.ts";

/** Filled in when it is built: a part has one only where it could be made. */
declare const compiledParts: readonly string[];

requireFrom({
  source: (name) => Buffer.from(getRawAsset(name)).toString("latin1"),
  compiled: (name) =>
    compiledParts.includes(name) ? Buffer.from(getRawAsset(`${name}.compiled`)) : undefined,
})("./kubectl-linkerd_certs.cjs");
