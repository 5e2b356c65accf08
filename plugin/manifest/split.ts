/** A part of a file that can be read by itself. */
export interface Chunk {
  readonly text: string;
  /** The line in the file on which it begins. */
  readonly line: number;
  /** The text ends in the middle of it. */
  readonly cut?: true;
}

/** Up to here a list is read as one: aliases may lead from one item to another. */
const smallList = 256 * 1024;

/** The documents of a file, and the items of a list that is too long to be read at once. */
export function* split(text: string): Generator<Chunk> {
  for (const document of documents(text.startsWith("\ufeff") ? text.slice(1) : text)) {
    if (document.text.length <= smallList) yield document;
    else if (/^\s*\{/.test(document.text)) yield* jsonItems(document);
    else yield* yamlItems(document);
  }
}

function* documents(text: string): Generator<Chunk> {
  let begin = 0;
  let line = 1;
  // Block scalars are indented, and "-----BEGIN" has more dashes.
  for (const { index } of text.matchAll(/^---(?=\s|$)/gm)) {
    const before = text.slice(begin, index);
    if (hasContent(before)) yield { text: before, line };
    line += linesIn(before);
    begin = index;
  }
  const last = text.slice(begin);
  if (hasContent(last)) yield { text: last, line };
}

// Comments, directives and markers alone are no document.
function hasContent(text: string): boolean {
  return /^(?!\s*(?:#|$)|%|(?:---|\.\.\.)\s*(?:#.*)?$).*\S/m.test(text);
}

/** The items of a block list, each as a document of its own; the whole where it is no such list. */
function* yamlItems(document: Chunk): Generator<Chunk> {
  const head = /^items:[ \t]*(?:#.*)?\r?$/m.exec(document.text);
  if (head === null || !/^kind:\s*["']?\w*List["']?\s*$/m.test(document.text)) return yield document;
  const body = document.text.slice(head.index);
  const first = /^([ \t]*)- /m.exec(body);
  if (first === null) return yield document;
  const indent = first[1] ?? "";
  const starts = [...body.matchAll(new RegExp(`^${indent}-(?=\\s)`, "gm"))].map(({ index }) => index);
  const after = /^[^\s#-]/gm;
  after.lastIndex = starts.at(-1) ?? 0;
  const end = after.exec(body)?.index ?? body.length;
  let line = document.line + linesIn(document.text.slice(0, head.index + (starts[0] ?? 0)));
  for (const [i, start] of starts.entries()) {
    const text = body.slice(start, starts[i + 1] ?? end);
    yield { text: `${indent} ${text.slice(indent.length + 1)}`, line };
    line += linesIn(text);
  }
}

/** The objects in `items` of a JSON list; the whole where it is none. */
function* jsonItems(document: Chunk): Generator<Chunk> {
  const { text } = document;
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]]/gs;
  let depth = 0;
  let key = "";
  let begin = -1;
  let counted = 0;
  let line = document.line;
  let found = false;
  for (const { 0: token, index } of text.matchAll(tokens)) {
    if (token === "{" || token === "[") {
      if (token === "[" && depth === 1 && key === '"items"') found = true;
      if (token === "{" && depth === 2 && found) begin = index;
      depth++;
    } else if (token === "}" || token === "]") {
      depth--;
      if (depth === 1 && token === "]" && found) return;
      if (depth === 2 && begin >= 0) {
        line += linesIn(text.slice(counted, begin));
        counted = begin;
        yield { text: text.slice(begin, index + 1), line };
        begin = -1;
      }
    } else if (depth === 1) key = token;
  }
  if (!found) return yield document;
  line += linesIn(text.slice(counted));
  yield { text: begin < 0 ? "" : text.slice(begin), line, cut: true };
}

function linesIn(text: string): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}
