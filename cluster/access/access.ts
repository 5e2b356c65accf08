import type { RequestOptions } from "node:https";

/** Where the API server is, and who we are to it. */
export interface Access {
  /** For people: "in-cluster", 'context "kind-dev"'. */
  readonly describe: string;
  readonly server: URL;
  /** What stands between. */
  readonly proxy?: Between;
  /** Asked before every request, for tokens and certificates rotate. */
  credentials(): Promise<Credentials>;
  /** Forgets what is remembered, after the API server did not accept it. */
  renew?(): void;
}

export interface Between {
  /** http, https, socks5 or socks5h; may hold a name and a password. */
  readonly url: URL;
  /** Who may vouch for an https proxy, beside the authorities that Node knows: the cluster's own, as for kubectl. */
  readonly ca?: string | Buffer;
  /** The API server's, where it has no name to prove itself by. */
  readonly address?: string;
}

export type Credentials = Pick<
  RequestOptions,
  "ca" | "cert" | "key" | "passphrase" | "servername" | "checkServerIdentity" | "rejectUnauthorized" | "auth"
> & { readonly headers: Readonly<Record<string, string | readonly string[]>> };
