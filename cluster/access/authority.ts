import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { checkServerIdentity, type PeerCertificate } from "node:tls";
import { Failure } from "../failure.ts";

interface Named {
  readonly caFile?: string;
  /** Base64. */
  readonly caData?: string;
}

/** Who vouches for the API server, where the kubeconfig says it: PEM. */
export function authorityOf({ caFile, caData }: Named): Buffer | undefined {
  if (caFile) return readNamed(caFile);
  return caData ? Buffer.from(caData, "base64") : undefined;
}

/** A file that the kubeconfig or a flag names; throws a Failure where it cannot be read. */
export function readNamed(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** A file that the kubeconfig or a flag names. */
export function unreadable(file: string, error: unknown): Failure {
  const code = error instanceof Error && "code" in error ? ` (${error.code})` : "";
  return new Failure(
    `${file}, which the kubeconfig or a flag names, cannot be read${code}`,
    "Check that the file is there, and that it may be read.",
  );
}

/** By which name the API server proves itself. Go takes an address for one, and Node does not: there it asks nobody's. */
export function provenAs(name: string | undefined) {
  if (name === undefined || name === "") return {};
  if (isIP(name) === 0) return { servername: name };
  const check = (_host: string, certificate: PeerCertificate) => checkServerIdentity(name, certificate);
  return { servername: "", checkServerIdentity: check };
}
