import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { harmless } from "../../trust/harmless.ts";
import { Failure } from "../failure.ts";

/** A login command, as a kubeconfig's user names it (client.authentication.k8s.io, kubeconfig/v1 ExecConfig). */
export interface ExecConfig {
  readonly apiVersion?: string;
  readonly command?: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly installHint?: string;
  readonly provideClusterInfo?: boolean;
  readonly interactiveMode?: string;
}

export interface ExecSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Somebody sits at the terminal who could be asked. */
  readonly interactive: boolean;
  /** What it is told of the cluster, where it wants to know. */
  readonly cluster: object;
  /** Given what the command says while it runs, to a person who has to answer it. */
  tell?(text: string): void;
}

export interface ExecCredential {
  readonly token?: string;
  readonly clientCertificateData?: string;
  readonly clientKeyData?: string;
  readonly expirationTimestamp?: string;
}

/**
 * Runs a login command as kubectl does, and gives what it answers. Not by
 * client-node, which shows nothing of what the command says ("open this page
 * and enter …") and gives it no terminal to ask at.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
export async function execCredential(exec: ExecConfig, around: ExecSurroundings): Promise<ExecCredential> {
  const { command = "", interactiveMode = "IfAvailable" } = exec;
  if (command === "")
    throw new Failure("the kubeconfig's login command has no name", "Check users[].user.exec.command.");
  if (interactiveMode === "Always" && !around.interactive)
    throw new Failure(
      `the login command ${command} asks questions, and there is no terminal`,
      "Log in at a terminal first.",
    );
  const interactive = around.interactive && interactiveMode !== "Never";
  const spec = { interactive, ...(exec.provideClusterInfo === true ? { cluster: around.cluster } : {}) };
  const info = JSON.stringify({ apiVersion: exec.apiVersion, kind: "ExecCredential", spec });
  const env = {
    ...around.env,
    ...Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value])),
    KUBERNETES_EXEC_INFO: info,
  };
  const said = await run(exec, env, interactive, around.tell);
  return open(said, exec);
}

function run(
  { command = "", args, installHint }: ExecConfig,
  env: ExecSurroundings["env"],
  interactive: boolean,
  tell: ExecSurroundings["tell"],
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...(args ?? [])], {
      env,
      stdio: [interactive ? "inherit" : "ignore", "pipe", "pipe"],
    });
    const output = { stdout: "", stderr: "" };
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      output.stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      output.stderr += text;
      if (interactive) tell?.(text);
    });
    child.on("error", (error: NodeJS.ErrnoException) => {
      const found = error.code === "ENOENT" ? "is not there" : `cannot be started (${error.code})`;
      const hint = installHint ? oneLine(installHint) : "Install it, or put it on PATH.";
      reject(new Failure(`the kubeconfig's login command ${command} ${found}`, hint));
    });
    child.on("close", (code, signal) => {
      if (code === 0) return resolve(output.stdout);
      const how = code === null ? `was ended by ${signal}` : `failed (exit code ${code})`;
      const words = lastLine(output.stderr);
      const message = `the login command ${command} ${how}${words === "" ? "" : `: ${words}`}`;
      reject(new Failure(message, "Log in again; try the command by itself."));
    });
  });
}

// What it wrote is never quoted: it may hold a token.
function open(text: string, { command, apiVersion }: ExecConfig): ExecCredential {
  const answer = parsed(text);
  const says = (what: string) =>
    new Failure(`the login command ${command} ${what}`, "Log in again; try the command by itself.");
  if (answer?.kind !== "ExecCredential") throw says("gave no ExecCredential");
  if (apiVersion !== undefined && answer.apiVersion !== apiVersion)
    throw says(`answered in another version than ${apiVersion}`);
  const { token, clientCertificateData: certificate, clientKeyData: key } = answer.status ?? {};
  if ((certificate === undefined) !== (key === undefined))
    throw says("gave a certificate and a key only half");
  if (!token && !certificate) throw says("gave neither a token nor a certificate");
  return answer.status ?? {};
}

function parsed(text: string): { kind?: string; apiVersion?: string; status?: ExecCredential } | undefined {
  try {
    return JSON.parse(text); // client.authentication.k8s.io/v1 ExecCredential
  } catch {
    return undefined;
  }
}

function lastLine(text: string): string {
  return oneLine(text.trimEnd().split("\n").at(-1) ?? "");
}

/** Without colours, and without what could paint over what stands above. */
function oneLine(text: string): string {
  return harmless(stripVTControlCharacters(text), 300);
}
