import type { Access } from "./access.ts";

export interface Actor {
  readonly user: string;
  readonly uid?: string;
  readonly groups: readonly string[];
}

/** The same way in, as somebody else: https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/ */
export function acting(access: Access, as: Actor | undefined): Access {
  if (as === undefined) return access;
  const impersonating = {
    "impersonate-user": as.user,
    ...(as.uid === undefined ? {} : { "impersonate-uid": as.uid }),
    ...(as.groups.length > 0 ? { "impersonate-group": as.groups } : {}),
  };
  const credentials = async () => {
    const own = await access.credentials();
    return { ...own, headers: { ...own.headers, ...impersonating } };
  };
  return { ...access, credentials };
}
