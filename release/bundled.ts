import type { Metafile } from "esbuild";

/** A file that was built. */
export interface Bundled {
  readonly path: string;
  readonly bytes: number;
  /** The files it was made of, as seen from home. */
  readonly inputs: readonly string[];
}

/** What esbuild says that it has written. */
export function bundledBy({ outputs }: Metafile): Bundled[] {
  return Object.entries(outputs).map(([path, { bytes, inputs }]) => ({
    path,
    bytes,
    inputs: Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([input]) => input),
  }));
}
