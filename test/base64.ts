export const base64 = (content: string | Uint8Array): string => Buffer.from(content).toString("base64");
