import { type Shown, shownIn } from "./pages.ts";
import { type Typed, tidy } from "./telling.ts";

/** What was typed and what came, with the clock: minutes and seconds since the first command. */
export function transcriptOf(page: string, typed: readonly Typed[]): string {
  const total = typed.at(-1)?.ended ?? 0;
  const parts = typed.map(
    ({ command, screen, begun }) => `[${clock(begun)}] $ ${command.trimEnd()}\n${tidy(screen)}`,
  );
  return `Every command of ${page}, typed by its test without a pause, and all that came: against a real API server,
with the tests' stand-in for Linkerd's pods. Before each command the clock, in minutes and seconds.

${parts.join("\n")}
[${clock(total)}] the end
`;
}

/** Each command of a transcript with its screen, in its order. */
export function screensOf(transcript: string): readonly Shown[] {
  return transcript
    .split(/^\[\d+:\d\d\] (?=\$ )/m)
    .slice(1)
    .flatMap(shownIn)
    .map(({ command, screen }) => ({
      command,
      screen: screen.replace(/\n\[\d+:\d\d\] the end\n$/, "").trimEnd(),
    }));
}

function clock(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
