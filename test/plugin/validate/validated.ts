import assert from "node:assert/strict";
import { stringify } from "yaml";
import { after, anchor, day, issuer } from "../../certificates/index.ts";
import { testWorld } from "../world.ts";

export const first = anchor("first");
export const second = anchor("second");
export const old = anchor("old", { notAfter: after(-day) });
export const live = issuer(first);
export const next = issuer(second);

interface Found {
  readonly rule: string;
  readonly severity: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

export interface Report {
  readonly findings: readonly Found[];
  readonly predictions: readonly {
    readonly allowed: boolean;
    readonly rules: readonly string[];
    readonly operation: string;
  }[];
  readonly betterOrder?: readonly string[];
  readonly notes: readonly string[];
  readonly summary: { readonly errors: number };
}

export type Files = Readonly<Record<string, string>>;

/** What validate says of the files, as JSON. */
export async function json(files: Files, ...words: string[]): Promise<Report & { code: number }> {
  const names = words.includes("-f") ? [] : ["-f", "it.yaml"];
  const { stdout, stderr, code } = await testWorld({ files }).run(
    "validate",
    ...names,
    ...words,
    "-o",
    "json",
  );
  assert.notEqual(stdout, "", stderr);
  return { ...(JSON.parse(stdout) as Report), code };
}

export const yaml = (...objects: object[]) =>
  objects.map((one) => stringify(one, { lineWidth: 0 })).join("---\n");
export const rulesOf = ({ findings }: Report) =>
  findings.map(({ rule, severity, line }) => `${severity} ${rule} ${line}`);
