/** A PEM block as everybody writes them: 64 characters a line, a newline at the end. */
export function pemBlock(kind: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${kind}-----\n${lines.join("\n")}\n-----END ${kind}-----\n`;
}

/** A certificate as PEM. */
export const certificatePem = ({ der }: { readonly der: Uint8Array }): string => pemBlock("CERTIFICATE", der);
