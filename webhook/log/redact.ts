/** Under these names stand the contents of Secrets, ConfigMaps and whole objects of a request. */
const secretFields = new Set([
  "data",
  "binarydata",
  "stringdata",
  "object",
  "oldobject",
  "raw",
  "body",
  "rawbody",
]);

const longest = 2000;
const deepest = 6;
const widest = 100;

/**
 * A copy of what is to be logged without anything that may be a key: nothing
 * of a named field, nothing that looks like PEM, nothing beyond a size.
 * Errors become their name, message, code and hint, and nothing that a client
 * library may have hung onto them.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return withoutPem(value.slice(0, longest));
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (typeof value === "function") return undefined;
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "invalid date" : value.toISOString();
  if (depth >= deepest) return "[deeper]";
  if (value instanceof Error) return redactError(value, depth);
  if (ArrayBuffer.isView(value)) return "[bytes]";
  if (Array.isArray(value)) return value.slice(0, widest).map((item) => redact(item, depth + 1));
  const fields: [string, unknown][] = [];
  for (const [name, inner] of Object.entries(value).slice(0, widest)) {
    fields.push([
      withoutPem(name),
      secretFields.has(name.toLowerCase()) ? "[redacted]" : redact(inner, depth + 1),
    ]);
  }
  return Object.fromEntries(fields);
}

/** The text without any PEM block in it, plain or in base64; the last door before the output. */
export function withoutPem(text: string): string {
  let clean = text;
  if (clean.includes("-----BEGIN")) clean = clean.replace(/-----BEGIN[^"]*/g, "[PEM]");
  for (const start of base64Starts) {
    if (clean.includes(start)) clean = withoutRunsAround(start, clean);
  }
  return clean;
}

function redactError(error: Error, depth: number): unknown {
  const { code, hint, cause } = error as Error & { code?: unknown; hint?: unknown };
  return {
    name: error.name,
    message: withoutPem(error.message.slice(0, longest)),
    ...(code === undefined ? {} : { code: redact(code, depth + 1) }),
    ...(hint === undefined ? {} : { hint: redact(hint, depth + 1) }),
    ...(cause === undefined ? {} : { cause: redact(cause, depth + 1) }),
    at: error.stack
      ?.split("\n")
      .find((line) => line.startsWith("    at "))
      ?.trim(),
  };
}

// "-----BEGIN " in base64, at each of the three places of a group of three bytes where it may begin.
// The ends are cut because their bits mix with what stands before and after.
const base64Starts = [0, 1, 2].map((offset) => {
  const encoded = Buffer.from(`${"x".repeat(offset)}-----BEGIN `)
    .toString("base64")
    .replace(/=+$/, "");
  return encoded.slice(offset === 0 ? 0 : offset + 1, -1);
});

// By hand, because a pattern that may begin anywhere takes quadratic time on a long run of base64.
function withoutRunsAround(start: string, text: string): string {
  let clean = "";
  let from = 0;
  for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, from)) {
    let begin = at;
    while (begin > from && isBase64(text.charCodeAt(begin - 1))) begin--;
    let end = at;
    while (end < text.length && isBase64(text.charCodeAt(end))) end++;
    clean += `${text.slice(from, begin)}[PEM]`;
    from = end;
  }
  return clean + text.slice(from);
}

const isBase64 = (code: number): boolean =>
  (code >= 48 && code <= 57) || // 0-9
  (code >= 65 && code <= 90) || // A-Z
  (code >= 97 && code <= 122) || // a-z
  code === 43 || // +
  code === 47 || // /
  code === 61; // =
