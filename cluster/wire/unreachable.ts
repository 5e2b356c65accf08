import { Failure } from "../failure.ts";

/** What a broken or impossible connection means, in words; a Failure stays as it is. */
export function unreachable(error: unknown, server: string): Failure {
  if (error instanceof Failure) return error;
  const code = codeOf(error);
  if (code !== undefined && /CERT|SIGNATURE|SSL|TLS/.test(code)) {
    return new Failure(
      `the API server at ${server} does not prove that it is one (${code})`,
      code === "ERR_TLS_CERT_ALTNAME_INVALID"
        ? "Its certificate is for other names: check the address, or say the name with --tls-server-name."
        : "Check the certificate authority in the kubeconfig, and that no proxy stands between.",
      { cause: error },
    );
  }
  if (isTimeout(error)) {
    return new Failure(
      `the API server at ${server} did not answer in time`,
      "Check the network, network policies and the API server's load.",
      { cause: error },
    );
  }
  return new Failure(
    `the API server at ${server} cannot be reached${code === undefined ? "" : ` (${code})`}`,
    "Check that the cluster runs, that the address is right, and that the network lets us through.",
    { cause: error },
  );
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

function isTimeout(error: unknown): boolean {
  return codeOf(error) === "ETIMEDOUT" || named(error) || (error instanceof Error && named(error.cause));
}

function named(error: unknown): boolean {
  return error instanceof Error && error.name === "TimeoutError";
}
