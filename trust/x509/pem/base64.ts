const pad = 64;
const space = 65;
const otherSpace = 66;
const invalid = 67;

const table = new Uint8Array(256).fill(invalid);
for (const [value, character] of [
  ..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=",
].entries()) {
  table[character.charCodeAt(0)] = value;
}
for (const character of " \t\r\n") table[character.charCodeAt(0)] = space;
for (const character of "\v\f") table[character.charCodeAt(0)] = otherSpace;

/** As encoding/pem in Go decodes a block: base64.StdEncoding, without spaces, tabs and line ends. */
export const decodeAsGo = (text: string): Uint8Array | undefined => decode(text, space, true);

/** As rustls-pki-types does: any white space goes, and padding may be missing. */
export const decodeAsRust = (text: string): Uint8Array | undefined => decode(text, otherSpace, false);

function decode(text: string, skipped: number, padded: boolean): Uint8Array | undefined {
  // What is just as an encoder would write it, as nearly everything is, the engine decodes much faster.
  const plain = text.replaceAll("\n", "");
  const bytes = Buffer.from(plain, "base64");
  return bytes.toString("base64") === plain ? new Uint8Array(bytes) : decodeAny(text, skipped, padded);
}

/** Neither looks at the bits that are left over in the last character. */
function decodeAny(text: string, skipped: number, padded: boolean): Uint8Array | undefined {
  const out = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let [length, group, count, pads] = [0, 0, 0, 0];
  for (let i = 0; i < text.length; i++) {
    const value = table[text.charCodeAt(i)] ?? invalid;
    if (value < pad) {
      if (pads > 0) return undefined;
      group = (group << 6) | value;
      if (++count < 4) continue;
      out[length++] = group >> 16;
      out[length++] = group >> 8;
      out[length++] = group;
      group = count = 0;
    } else if (value === pad) pads++;
    else if (value > skipped) return undefined;
  }
  const complete = pads === 0 ? count === 0 || (!padded && count > 1) : count > 1 && count + pads === 4;
  if (!complete) return undefined;
  if (count >= 2) out[length++] = count === 2 ? group >> 4 : group >> 10;
  if (count === 3) out[length++] = group >> 2;
  return out.subarray(0, length);
}
