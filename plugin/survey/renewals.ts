import { asDate } from "../../trust/gather/objects.ts";
import type { Look } from "./look.ts";
import type { Renewal } from "./types.ts";

/** What cert-manager will do with these Secrets of a namespace; empty where it is not there. */
export async function readRenewals(
  look: Look,
  namespace: string,
  of: Renewal["of"],
  secrets: ReadonlySet<string>,
): Promise<readonly Renewal[]> {
  const seen = await look.all(
    `cert-manager's Certificates of ${namespace}`,
    `/apis/cert-manager.io/v1/namespaces/${namespace}/certificates`,
    {
      importance: "aside",
      project: (object) => renewalOf(object as CertificateObject, namespace, of, secrets),
    },
  );
  return (seen?.value ?? []).toSorted((a, b) => (a.what < b.what ? -1 : 1));
}

interface CertificateObject {
  readonly metadata?: { readonly name?: string };
  readonly spec?: { readonly secretName?: string };
  readonly status?: {
    readonly renewalTime?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

function renewalOf(
  { metadata, spec, status }: CertificateObject,
  namespace: string,
  of: Renewal["of"],
  secrets: ReadonlySet<string>,
): Renewal | undefined {
  if (!secrets.has(spec?.secretName ?? "")) return undefined;
  const at = asDate(status?.renewalTime);
  return {
    what: `Certificate ${namespace}/${metadata?.name ?? ""}`,
    of,
    ready: status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false,
    ...(at === undefined ? {} : { at }),
  };
}
