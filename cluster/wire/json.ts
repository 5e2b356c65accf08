import { Failure } from "../failure.ts";

/** JSON.parse for what the API server says. Its own error quotes the text, and the text may be a Secret. */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new Failure(
      "the API server's answer is not JSON",
      "Check that the address is an API server's, and that no proxy rewrites its answers.",
    );
  }
}

/** Object bodies as they are, plain text (/readyz, some errors) as a string. */
export async function readBody(
  response: AsyncIterable<Buffer>,
  contentType: string | undefined,
): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  if (bytes.length === 0) return undefined;
  return contentType?.includes("json") ? parseJson(bytes) : bytes.toString("utf8");
}

/** When the server answered, by its own clock, in whole seconds; empty where it does not say. */
export function dateOf(headers: { readonly date?: string | undefined }): { readonly date?: Date } {
  const date = new Date(headers.date ?? "");
  return Number.isNaN(date.getTime()) ? {} : { date };
}
