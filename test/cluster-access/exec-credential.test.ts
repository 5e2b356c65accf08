// As kubectl runs login commands:
// https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type ExecConfig,
  type ExecSurroundings,
  execCredential,
} from "../../cluster/access/exec-credential.ts";

const apiVersion = "client.authentication.k8s.io/v1";
const env = { PATH: process.env["PATH"], HOME: "/home/me" };
const status = { token: "hidden" };

/** A login command that is this script. */
function command(script: string, more: Partial<ExecConfig> = {}): ExecConfig {
  return { apiVersion, command: process.execPath, args: ["-e", script], ...more };
}

const answers = (answer: object) => `console.log(${JSON.stringify(JSON.stringify(answer))})`;
const credential = (said: object = status) => answers({ apiVersion, kind: "ExecCredential", status: said });

function run(exec: ExecConfig, around: Partial<ExecSurroundings> = {}) {
  return execCredential(exec, { env, interactive: false, cluster: { server: "https://x" }, ...around });
}

async function fails(exec: ExecConfig, message: RegExp, hint = /./, around: Partial<ExecSurroundings> = {}) {
  await assert.rejects(run(exec, around), (error: Error & { hint: string }) => {
    assert.equal(error.name, "Failure");
    assert.match(error.message, message);
    assert.match(error.hint, hint);
    assert.doesNotMatch(`${error.message}${error.hint}`, /[\p{C}\p{Zl}\p{Zp}]|hidden/u);
    return true;
  });
}

describe("a login command", () => {
  test("gives a token, or a certificate and its key", async () => {
    assert.deepEqual(await run(command(credential())), status);
    const pair = {
      clientCertificateData: "c",
      clientKeyData: "k",
      expirationTimestamp: "2030-01-01T00:00:00Z",
    };
    assert.deepEqual(await run(command(credential(pair))), pair);
  });

  test("gets the kubeconfig's variables besides our own, and is told what KUBERNETES_EXEC_INFO is for", async () => {
    const token = '["HOME", "ROLE", "KUBERNETES_EXEC_INFO"].map((name) => process.env[name]).join(" ")';
    const script = `console.log(JSON.stringify({ apiVersion: "${apiVersion}", kind: "ExecCredential", status: { token: ${token} } }))`;
    const exec = command(script, { env: [{ name: "ROLE", value: "reader" }] });
    const info = { apiVersion, kind: "ExecCredential", spec: { interactive: false } };
    assert.equal((await run(exec)).token, `/home/me reader ${JSON.stringify(info)}`);
    const { token: told = "" } = await run({ ...exec, provideClusterInfo: true });
    assert.match(told, /"spec":\{"interactive":false,"cluster":\{"server":"https:\/\/x"\}\}\}$/);
  });

  test("that fails says its last line, without what could paint over the terminal", async () => {
    const script = `console.error("a\\n\\u001b[2Jthe session of jane\\u202e has expired\\u2028\\n"); process.exit(7)`;
    await fails(
      command(script),
      /^the login command \S+ failed \(exit code 7\): the session of jane has expired$/,
    );
    await fails(command("process.exit(1)"), /^the login command \S+ failed \(exit code 1\)$/);
    await fails(command(`process.kill(process.pid, "SIGKILL")`), /was ended by SIGKILL$/);
  });

  test("that is not there says how to install it, where the kubeconfig knows", async () => {
    const exec = { apiVersion, command: "no-such-login" };
    await fails(exec, /^the kubeconfig's login command no-such-login is not there$/, /put it on PATH/);
    await fails(
      { ...exec, installHint: "Get it\nfrom\u2066 example.com\n" },
      /not there/,
      /^Get it from example\.com$/,
    );
    await fails({ apiVersion }, /has no name/);
  });

  test("that asks always is not run without a terminal", async () => {
    const exec = command(credential(), { interactiveMode: "Always" });
    await fails(exec, /asks questions, and there is no terminal/);
    for (const interactiveMode of ["Never", "IfAvailable"])
      assert.equal((await run({ ...exec, interactiveMode })).token, "hidden");
  });

  test("at a terminal, says what it says while it runs, unless it never asks", async () => {
    const script = `console.error("open https://example.com and enter AB12"); ${credential()}`;
    const told: string[] = [];
    const around = { interactive: true, tell: (text: string) => told.push(text) };
    await run(command(script), around);
    assert.equal(told.join(""), "open https://example.com and enter AB12\n");
    await run(command(script, { interactiveMode: "Never" }), around);
    assert.equal(told.length, 1);
  });

  test("that answers anything else is refused, and not quoted", async () => {
    const none = /gave no ExecCredential$/;
    for (const script of [
      "",
      `console.log("hidden")`,
      `console.log("{")`,
      answers([]),
      `console.log("null")`,
    ])
      await fails(command(script), none);
    await fails(command(answers({ kind: "Status", message: "hidden" })), none);
    const old = { apiVersion: "client.authentication.k8s.io/v1alpha1", kind: "ExecCredential", status };
    await fails(
      command(answers(old)),
      /answered in another version than client\.authentication\.k8s\.io\/v1$/,
    );
    await fails(command(credential({})), /gave neither a token nor a certificate$/);
    await fails(command(credential({ clientCertificateData: "hidden" })), /only half$/);
  });
});
