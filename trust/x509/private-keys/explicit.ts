import { byte } from "../bytes.ts";
import { constructed, type Der, empty, next, readAny } from "../der.ts";

/**
 * An optional field with an explicit tag, as Go's encoding/asn1 reads it into
 * a struct (parseField): a field with another tag, inside or out, is absent;
 * the outer length is not held against the inner one. The cursor stands on the
 * inner element. Undefined where Go gives up.
 */
export function explicitField(from: Der, number: number, innerTag: number): Der | "absent" | undefined {
  if (empty(from)) return "absent";
  const inner = pastHeader(from);
  if (inner === undefined || empty(inner)) return undefined;
  if (!next(from, constructed(number))) return "absent";
  if (from.bytes[from.at + 1] === 0) return undefined;
  if (!next(inner, innerTag)) return pastHeader(inner) && "absent";
  const element = readAny({ ...inner });
  if (element === undefined) return undefined;
  from.at = element.end;
  return inner;
}

/** Whether Go would find the field absent, rather than give up: its header must be sound at least. */
export const isHeaderSound = (from: Der): boolean => empty(from) || pastHeader(from) !== undefined;

// parseTagAndLength: what follows a tag and a length, whether or not there is as much as the length says.
function pastHeader(from: Der): Der | undefined {
  const { bytes, end } = from;
  let at = from.at + 1;
  if ((byte(bytes, from.at) & 0x1f) === 0x1f) {
    const start = at;
    let tag = 0;
    do tag = tag * 128 + (byte(bytes, at) & 0x7f);
    while (byte(bytes, at++) >= 0x80 && at < end);
    if (tag < 0x1f || tag >= 2 ** 31 || byte(bytes, start) === 0x80 || byte(bytes, at - 1) >= 0x80)
      return undefined;
  }
  if (at >= end) return undefined;
  const first = byte(bytes, at++);
  if (first === 0x80) return undefined;
  let length = first & 0x7f;
  if (first > 0x80) {
    const octets = length;
    length = 0;
    for (let i = 0; i < octets; i++) {
      if (at >= end || length >= 2 ** 23) return undefined;
      length = length * 256 + byte(bytes, at++);
      if (length === 0) return undefined;
    }
    if (length < 0x80) return undefined;
  }
  return { bytes, at, end };
}
