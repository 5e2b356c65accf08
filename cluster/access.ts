import type { RequestOptions } from "node:https";

/** Where the API server is, and who we are to it. */
export interface Access {
  /** For people: "in-cluster", 'context "kind-dev"'. */
  readonly describe: string;
  readonly server: URL;
  /** Asked before every request, for tokens and certificates rotate. */
  credentials(): Promise<Credentials>;
  /** Forgets what is remembered, after the API server did not accept it. */
  renew?(): void;
}

export type Credentials = Pick<
  RequestOptions,
  "ca" | "cert" | "key" | "passphrase" | "servername" | "rejectUnauthorized" | "auth" | "agent"
> & { readonly headers: Readonly<Record<string, string | readonly string[]>> };
