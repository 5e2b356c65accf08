import manifest from "../package.json" with { type: "json" };

/** As in package.json; the bundle carries it inside. */
export const version: string = manifest.version;

/** Filled in by build.ts; a clone does not know it. */
declare const builtFromCommit: string | undefined;

/** Of the commit the first digits; undefined where nobody knew it. */
export const commit: string | undefined =
  typeof builtFromCommit === "string" && builtFromCommit !== "" ? builtFromCommit : undefined;
