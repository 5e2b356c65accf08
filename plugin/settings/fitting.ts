import { outputs } from "../commands/check-options.ts";
import { colourChoices } from "../render/colour.ts";
import { thresholdsOf } from "../survey/thresholds.ts";
import { notATime } from "../time.ts";

type Fits = (text: string) => string | undefined;

const oneOf =
  (words: readonly string[]): Fits =>
  (text) =>
    words.includes(text) ? undefined : `must be one of ${words.join(", ")}`;
const soon: Fits = (text) => (thresholdsOf(text) === undefined ? "must be like 60d or 20%" : undefined);
const name: Fits = (text) => (text === "" ? "must not be empty" : undefined);

/** What may be settled, by the flag's name, and why a text does not fit. "contexts" are --context for check and report. */
export const settable: Readonly<Record<string, Fits>> = {
  "linkerd-namespace": name,
  context: name,
  contexts: name,
  "fail-on": oneOf(["error", "warning", "never"]),
  "min-anchor-ttl": soon,
  "min-issuer-ttl": soon,
  output: oneOf([...outputs, "tree", "text", "pem", "svg"]),
  color: oneOf(colourChoices),
  "request-timeout": notATime,
};
