/** An OID in DER is kept as text, one character for one byte: it compares and indexes well. */
export function oid(dotted: string): string {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return [first * 40 + second, ...rest].map(base128).join("");
}

/** The usual dotted form. */
export function dotted(encoded: string): string {
  const arcs: bigint[] = [];
  let value = 0n;
  for (let i = 0; i < encoded.length; i++) {
    const octet = encoded.charCodeAt(i);
    value = (value << 7n) | BigInt(octet & 0x7f);
    if (octet >= 0x80) continue;
    if (arcs.length > 0) arcs.push(value);
    else if (value < 80n) arcs.push(value / 40n, value % 40n);
    else arcs.push(2n, value - 80n);
    value = 0n;
  }
  return arcs.join(".");
}

function base128(value: number): string {
  let text = String.fromCharCode(value & 0x7f);
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    text = String.fromCharCode((rest & 0x7f) | 0x80) + text;
  }
  return text;
}
