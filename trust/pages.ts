const repository = "https://github.com/linkerd-certs/linkerd-certs";

/** Where a page of this repository stands on the web: "docs/check.md", or one section of it. */
export function pageUrl(page: string, section?: string): string {
  return `${repository}/blob/main/${page}${section === undefined ? "" : `#${section}`}`;
}
