/** Pieces of a private key in every form in which it comes by: PEM, base64 of the PEM (as in a Secret), DER. */
export function spellings(keyPem: string): readonly Buffer[] {
  const body = keyPem.replace(/-----[^-]+-----|\s/g, "");
  const inSecret = Buffer.from(keyPem.trim()).toString("base64");
  const der = Buffer.from(body, "base64");
  // The key itself is in the middle: what comes before it is the same in every key, and what follows is public.
  const scalar = der.indexOf(Buffer.from([0x04, 0x20])) + 2;
  return [
    Buffer.from(body.slice(40, 60)),
    Buffer.from(inSecret.slice(80, 110)),
    der.subarray(scalar, scalar + 16),
  ];
}

/** Where any of these stands in a value: in its strings, its bytes, and the memory that the bytes are a part of. */
export function whereabouts(root: unknown, pieces: readonly Buffer[]): readonly string[] {
  const found: string[] = [];
  const seen = new Set<unknown>();
  const look = (bytes: Buffer, path: string) => {
    if (pieces.some((piece) => bytes.includes(piece))) found.push(path);
  };
  const visit = (value: unknown, path: string) => {
    if (typeof value === "string") look(Buffer.from(value), path);
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    if (ArrayBuffer.isView(value)) return look(Buffer.from(value.buffer), path);
    const inside =
      value instanceof Map || value instanceof Set ? Object.entries([...value]) : Object.entries(value);
    for (const [name, one] of inside) visit(one, `${path}.${name}`);
  };
  visit(root, "");
  return found;
}
