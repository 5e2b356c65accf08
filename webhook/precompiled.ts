import { Ajv, type Options } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import type { Plugin } from "esbuild";
import { rules } from "../trust/rules/index.ts";
import { configSchema } from "./config-schema.ts";
import { configMapsSchema, envelopeSchema, secretsSchema } from "./review/schema.ts";

/**
 * Puts finished validators into the bundle in place of ajv, which writes them when the program starts:
 * that cost 6 MiB and half of the start, and needed Node to run what a program has written.
 */
export const precompiled: Plugin = {
  name: "precompiled",
  setup(bundler) {
    const sources = pairs.map(([options, schema]) => sourceOf(options, schema));
    const numbers = pairs.map((pair, number) => `[${JSON.stringify(keyOf(...pair))}, ${number}]`);
    const here = { resolveDir: import.meta.dirname };
    bundler.onResolve({ filter: /^ajv$/ }, () => ({ path: "ajv", namespace: "precompiled" }));
    bundler.onResolve({ filter: /^validator-\d+$/ }, ({ path }) => ({ path, namespace: "precompiled" }));
    bundler.onLoad({ filter: /^ajv$/, namespace: "precompiled" }, () => ({
      contents: `${sources.map((_, number) => `import validator${number} from "validator-${number}";`).join("\n")}
        const validators = [${sources.map((_, number) => `validator${number}`).join(", ")}];
        const numbers = new Map([${numbers.join(", ")}]);
        export class Ajv {
          constructor(options) {
            this.options = options;
          }
          compile(schema) {
            const number = numbers.get(JSON.stringify([this.options, schema]));
            if (number === undefined) throw new Error("no validator for this schema: webhook/precompiled.ts");
            return validators[number];
          }
        }`,
      ...here,
    }));
    bundler.onLoad({ filter: /^validator-/, namespace: "precompiled" }, ({ path }) => ({
      contents: sources[Number(path.replace("validator-", ""))] ?? "",
      ...here,
    }));
  },
};

// As review.ts and config.ts ask for them. One that is asked for otherwise ends the start, and every test of it.
const forReviews: Options = { strict: false };
const forConfig: Options = { allErrors: true, useDefaults: true, verbose: true, strict: false };
const pairs: readonly (readonly [Options, object])[] = [
  [forReviews, envelopeSchema],
  [forReviews, configMapsSchema],
  [forReviews, secretsSchema],
  [forConfig, configSchema(rules.map(({ id }) => id))],
];

function keyOf(options: Options, schema: object): string {
  return JSON.stringify([options, schema]);
}

function sourceOf(options: Options, schema: object): string {
  const ajv = new Ajv({ ...options, code: { source: true } });
  return standalone.default(ajv, ajv.compile(schema));
}
