import manifest from "../package.json" with { type: "json" };

/** As in package.json; the bundle carries it inside. */
export const version: string = manifest.version;
