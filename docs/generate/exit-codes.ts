import { exitCodes } from "../../plugin/exit-codes.ts";
import { code } from "./markdown.ts";

const meanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: "done; nothing was found that is bad enough to fail",
  failed: "something kept it from being done or seen: no cluster, no permission, a file that cannot be read",
  found: "something was found at or above `--fail-on`, or the guard refused a write",
  notInTime: "what was waited for did not come about in time, or needs a person",
  refused:
    "not confirmed by the person asked, `--yes` is missing without a terminal, or somebody else is at it",
  usage: "the words do not fit: an unknown command or flag, or a value that is none",
  interrupted: "interrupted by Ctrl-C",
};

/** The plugin's exit codes as rows. */
export const codesOfPlugin = Object.entries(exitCodes).map(([name, number]) => [
  code(String(number)),
  meanings[name as keyof typeof exitCodes], // Object.entries widens its keys
]);
