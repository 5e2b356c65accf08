import { parseJson } from "./json.ts";

/** The JSON lines in a stream of bytes, each parsed by itself. A last line that was cut off is not given. */
export async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<unknown> {
  let begun: Buffer[] = [];
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, from)) {
      const line = Buffer.concat([...begun, chunk.subarray(from, end)]);
      begun = [];
      from = end + 1;
      if (line.length > 0) yield parseJson(line);
    }
    if (from < chunk.length) begun.push(chunk.subarray(from));
  }
}
