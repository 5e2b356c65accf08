import type { IncomingMessage } from "node:http";
import type { Refusal } from "./review.ts";

/** Bodies that may be in memory together, in units of the largest one. */
const bodiesTogether = 4;
/** So much of a body that is too large is read and dropped, so that its sender hears the answer. */
const patience = 64 * 1024 * 1024;

export type ReadBody = (request: IncomingMessage) => Promise<Buffer | Refusal>;

/** Reads bodies up to a limit each, and up to a limit together: memory stays bounded whoever calls. */
export function bodyReader(limit: number): ReadBody {
  let held = 0;
  return (request) =>
    new Promise((resolve) => {
      const wrong = refuseByHeaders(request, limit);
      if (wrong !== undefined && announced(request) > patience) return resolve(wrong);
      let chunks: Buffer[] = [];
      let size = 0;
      let mine = 0;
      let refusal = wrong;
      const end = (result: Buffer | Refusal): void => {
        held -= mine;
        mine = 0;
        chunks = [];
        resolve(result);
      };
      request.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > limit) refusal ??= tooLarge(limit);
        else if (held + chunk.length > bodiesTogether * limit) refusal ??= busy;
        if (refusal === undefined) {
          held += chunk.length;
          mine += chunk.length;
          chunks.push(chunk);
        } else {
          held -= mine;
          mine = 0;
          chunks = [];
          if (size > patience) end(refusal);
        }
      });
      request.on("end", () => {
        const [only] = chunks;
        end(refusal ?? (chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, mine)));
      });
      request.on("close", () => end(aborted));
      request.on("error", () => end(aborted));
    });
}

function refuseByHeaders(request: IncomingMessage, limit: number): Refusal | undefined {
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/json *(;|$)/i.test(type)) {
    return { malformed: "content_type", code: 415, message: "the content type must be application/json" };
  }
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") {
    return { malformed: "content_type", code: 415, message: "the body must not be compressed" };
  }
  return announced(request) > limit ? tooLarge(limit) : undefined;
}

const announced = (request: IncomingMessage): number => Number(request.headers["content-length"] ?? 0);

const tooLarge = (limit: number): Refusal => ({
  malformed: "too_large",
  code: 413,
  message: `the body is larger than ${limit} bytes`,
});

const busy: Refusal = {
  malformed: "busy",
  code: 503,
  message: "too many large requests at once; try again in a moment",
};

const aborted: Refusal = { malformed: "aborted", code: 400, message: "the request ended in the middle" };
