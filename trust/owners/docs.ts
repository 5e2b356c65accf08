/** Where a rule about owners is explained to people. */
export function ownerDocsOf(id: string): string {
  return `https://github.com/linkerd-certs/linkerd-certs/blob/main/trust/owners/README.md#${id}`;
}
