import type { ParseArgsOptionsConfig } from "node:util";

export const issuerOptions = {
  issuer: { type: "string" },
  "issuer-key": { type: "string" },
  ca: { type: "string" },
  "ca-key": { type: "string" },
  "ca-passphrase-file": { type: "string" },
  "issuer-not-after": { type: "string" },
  "trust-domain": { type: "string" },
} as const satisfies ParseArgsOptionsConfig;

export const issuerHelp = `  --issuer FILE            the new issuer's certificate
  --issuer-key FILE        its key
  --ca FILE                or the anchor's certificate: an issuer is signed when its time has come
  --ca-key FILE            the anchor's key, to sign it with
  --ca-passphrase-file FILE  where that key's passphrase stands, if it is encrypted (it is asked for)
  --issuer-not-after TIME  that issuer's end (1y, but no later than the anchor's)
  --trust-domain DOMAIN    the mesh's, for its name (what identity runs with)
`;

export const anchorOptions = {
  anchor: { type: "string", multiple: true },
  create: { type: "string" },
  encrypt: { type: "boolean" },
  "passphrase-file": { type: "string" },
  "anchor-not-after": { type: "string" },
} as const satisfies ParseArgsOptionsConfig;

export const anchorHelp = `  --anchor FILE            the anchor that the mesh is to trust; may be repeated, may hold several
  --create DIR             or makes one, DIR/ca.crt and DIR/ca.key, and signs the issuer with it
  --anchor-not-after TIME  that anchor's end (10y)
  --encrypt                asks for a passphrase to encrypt that anchor's key with
  --passphrase-file FILE   reads that passphrase from a file
`;
