/** One line of a help text about one flag, or about several at once. */
export interface FlagLine {
  /** The long name, without dashes. */
  readonly name: string;
  readonly short?: string;
  /** "FILE", "auto|always|never"; empty where it takes none. */
  readonly value: string;
  readonly words: string;
  /** As the words say it, in parentheses. */
  readonly usual?: string;
}

/** What a help text of the plugin's, or of the guard's, is made of. */
export interface Help {
  readonly usage: string;
  /** Paragraphs, in one line each; what is indented is to be typed, and keeps its lines. */
  readonly says: readonly (string | { readonly typed: string })[];
  readonly flags: readonly FlagLine[];
  readonly examples: readonly string[];
  readonly exitCodes: readonly (readonly [code: string, meaning: string])[];
}

/** Takes a help text apart. What it cannot place is a paragraph, and so nothing is lost. */
export function readHelp(text: string): Help {
  const blocks = text.trim().split(/\n\s*\n/);
  const [, usage = ""] = /^(?:.*\n)?Usage: (.*)$/m.exec(blocks.find(isUsage) ?? "") ?? [];
  const rest = blocks.filter((block) => !isUsage(block));
  const [, one] = rest.map((block) => /^Example: (.*)$/.exec(block)).find((found) => found !== null) ?? [];
  const listed = rest.find((block) => block.startsWith("Examples:\n"))?.split("\n") ?? [];
  const codes = rest.find((block) => block.startsWith("Exit codes:\n"))?.split("\n") ?? [];
  const others = rest.filter((block) => !/^(?:Examples?|Exit codes):/.test(block));
  return {
    usage,
    says: others.flatMap((block) => paragraphs(block.split("\n"))),
    flags: flagLines(others.join("\n\n")),
    examples: one === undefined ? listed.slice(1).map((line) => line.trim()) : [one],
    exitCodes: codes.slice(1).map((line): [string, string] => {
      const [, number = "", meaning = ""] = /^ +(\d+) +(.*)$/.exec(line) ?? [];
      return [number, meaning];
    }),
  };
}

/** The flags of a text: "  -s, --server ADDRESS, --token TOKEN,", in the next line more of them, or more words. */
export function flagLines(text: string): readonly FlagLine[] {
  const entries: { head: string; words: string }[] = [];
  let open = false;
  for (const line of text.split("\n")) {
    const [, head, words = ""] = /^ {2}(-\S*(?: \S+)*)(?: {2,}(.*))?$/.exec(line) ?? [];
    const last = entries.at(-1);
    if (head !== undefined && open && last?.head.endsWith(",")) {
      last.head += ` ${head}`;
      last.words = words;
    } else if (head !== undefined) entries.push({ head, words });
    else if (open && last !== undefined && /^ {6,}\S/.test(line)) last.words += ` ${line.trim()}`;
    open = head !== undefined || (open && /^ {6,}\S/.test(line));
  }
  return entries.flatMap(({ head, words }) => flagsOf(head, words.trim()));
}

function flagsOf(head: string, words: string): FlagLine[] {
  const found: FlagLine[] = [];
  let short: string | undefined;
  for (const part of head.split(", ")) {
    const [, name = "", value = ""] = /^-+(\S+?)(?: (.*))?$/.exec(part) ?? [];
    if (name.length === 1) short = name;
    else {
      found.push({ name, value, ...(short === undefined ? {} : { short }), ...usualIn(words, value) });
      short = undefined;
    }
  }
  return found;
}

/** Where a flag takes a value, what stands in parentheses at the end is its default. */
function usualIn(words: string, value: string): Pick<FlagLine, "words" | "usual"> {
  const [, before, usual, after = ""] = /^(.*?) \(([^()]+)\)(;.*)?$/.exec(words) ?? [];
  if (value === "" || before === undefined || usual === undefined) return { words };
  return { words: `${before}${after}`, usual };
}

function paragraphs(lines: readonly string[]): Help["says"] {
  const typed = lines.filter((line) => /^ {2}[^ -]/.test(line)).map((line) => line.trim());
  const plain = lines.filter((line) => /^\S/.test(line)).join(" ");
  return [...(plain === "" ? [] : [plain]), ...(typed.length === 0 ? [] : [{ typed: typed.join("\n") }])];
}

const isUsage = (block: string) => /(?:^|\n)Usage: /.test(block);
