// The kubeconfig in its forms, against a real API server. What each of them says has one line and a hint.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { bundlePlugin } from "../../plugin/build.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { skip } from "../cluster/skip.ts";

describe("the bundled plugin and a kubeconfig", { skip }, () => {
  let cp: ControlPlane;
  let folder: string;
  let config: { clusters: object[]; contexts: object[]; users: object[]; "current-context": string };
  before(async () => {
    cp = await startControlPlane({ kwok: false });
    folder = mkdtempSync(join(tmpdir(), "linkerd-certs-kubeconfig-"));
    config = JSON.parse(readFileSync(cp.kubeconfig, "utf8"));
    await bundlePlugin(join(folder, "dist"));
    mkdirSync(join(folder, "home"));
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await cp.stop();
  });

  // There is no Linkerd here: that it says so proves that it came through.
  const through = /error: [^\n]*no [^\n]*namespace "?linkerd/i;

  test("of several files each adds, the first counts, and those that are not there are passed over", () => {
    const others = { clusters: [{ name: "test", cluster: { server: "https://127.0.0.1:1" } }], users: [] };
    const one = write({ clusters: config.clusters, "current-context": "test" });
    const two = write({ ...others, contexts: config.contexts, "current-context": "nothing" });
    const three = write({ users: config.users });
    says(check([one, join(folder, "gone"), two, three].join(delimiter)), through);
  });

  test("a login command is run", () => {
    const status = { token: cp.token };
    const script = `console.log(JSON.stringify(${JSON.stringify({ apiVersion, kind: "ExecCredential", status })}))`;
    const exec = { apiVersion, command: process.execPath, args: ["-e", script], interactiveMode: "Never" };
    says(check(write({ ...config, users: [{ name: "test", user: { exec } }] })), through);
  });

  test("a login command that is not there, or fails", () => {
    const by = (command: string, args: readonly string[] = []) => {
      const exec = { apiVersion, command, args, interactiveMode: "Never" };
      return check(write({ ...config, users: [{ name: "test", user: { exec } }] }));
    };
    says(by(join(folder, "gone")), /error: the kubeconfig's login command \S+gone is not there\n/);
    says(by("false"), /error: the login command false failed \(exit code 1\)\n/);
    const expired = ["-c", "echo The SSO session has expired >&2; exit 255"];
    says(
      by("sh", expired),
      /error: the login command sh failed \(exit code 255\): The SSO session has expired\n/,
    );
  });

  test("a login command beside the kubeconfig is found from there", () => {
    mkdirSync(join(folder, "bin"), { recursive: true });
    const status = { token: cp.token };
    const answer = JSON.stringify({ apiVersion, kind: "ExecCredential", status });
    writeFileSync(join(folder, "bin", "login"), `#!/bin/sh\necho '${answer}'\n`, { mode: 0o755 });
    const exec = { apiVersion, command: "bin/login" };
    const file = write({ ...config, users: [{ name: "test", user: { exec } }] });
    says(check(file, "--request-timeout", "60s"), through);
  });

  test("an OIDC token that is over and cannot be renewed, one that holds, and providers that kubectl has no more", () => {
    const by = (name: string, provider: object) =>
      check(
        write({
          ...config,
          users: [{ name: "test", user: { "auth-provider": { name, config: provider } } }],
        }),
      );
    const over = { "id-token": jwt(Date.now() / 1000 - 60), "client-id": "me" };
    says(
      by("oidc", over),
      /error: the OIDC token of user "test" has expired, and nothing is there to renew it with\n/,
    );
    const refresh = { ...over, "refresh-token": "r", "idp-issuer-url": "https://127.0.0.1:1" };
    says(
      by("oidc", refresh),
      /error: the OIDC token of user "test" has expired, and its provider gives no new one/,
    );
    // The API server knows no such issuer, but it was asked.
    says(by("oidc", { "id-token": jwt(Date.now() / 1000 + 600) }), /\(401\)/);
    says(
      by("openstack", {}),
      /error: the kubeconfig's user "test" logs in by "openstack", which gives no token\n/,
    );
  });

  test("what nobody asks for may be half written", () => {
    const half = { clusters: [{ name: "new" }, ...config.clusters], users: [{}, ...config.users] };
    says(check(write({ ...config, ...half, contexts: [{ name: "new" }, ...config.contexts] })), through);
  });

  test("a user without credentials is told to log in, not to ask for permissions", () => {
    const anonymous = check(write({ ...config, users: [{ name: "test", user: {} }] }));
    says(anonymous, /User "system:anonymous" cannot .*\nlinkerd-certs: hint: Log in: /);
  });

  test("a login that is over, a wrong namespace", () => {
    says(
      check(write({ ...config, users: [{ name: "test", user: { token: "over" } }] })),
      /\(401\)\n.*hint: Log in again/,
    );
    says(check(cp.kubeconfig, "-L", "mesh"), /no [^\n]*namespace "?mesh/i);
  });

  test("a certificate authority, a key or a token file that is not there is named", () => {
    const cluster = { server: cp.server, "certificate-authority": "gone.crt" };
    const lines = /error: \S+gone\S*, which the kubeconfig or a flag names, cannot be read \(ENOENT\)\n/;
    says(check(write({ ...config, clusters: [{ name: "test", cluster }] })), lines);
    for (const user of [
      { "client-certificate": "gone.crt", "client-key": "gone.key" },
      { tokenFile: "gone" },
    ])
      says(check(write({ ...config, users: [{ name: "test", user }] })), lines);
  });

  test("--as asks as somebody else, and says who may not", () => {
    const { code, stderr } = check(cp.kubeconfig, "--as", "jane");
    assert.equal(code, 1);
    assert.match(stderr, /User "jane" cannot/);
    says(check(cp.kubeconfig, "--as", "jane", "--as-group", "devs", "--as-group", "system:masters"), through);
    assert.equal(check(cp.kubeconfig, "--as-group", "system:masters").code, 64);
    says(check(cp.kubeconfig, "--as", "", "--as-group", "[]"), through);
  });

  test("no file, none that is named, half of one, none of that context", () => {
    says(check(""), /error: there is no kubeconfig\n/);
    says(check(join(folder, "gone")), /error: there is no kubeconfig \S+gone\n/);
    says(
      check(cp.kubeconfig, "--kubeconfig", "gone"),
      /error: the kubeconfig gone cannot be read \(ENOENT\)\n/,
    );
    says(
      check(cp.kubeconfig, "--kubeconfig", folder),
      /error: the kubeconfig \S+ cannot be read \(EISDIR\)\n/,
    );
    says(
      check(cp.kubeconfig, "--context", "tset"),
      /error: the kubeconfig has no context "tset"\n.*: test\.\n/,
    );
    const text = JSON.stringify(config);
    for (const length of [0, 1, 20, text.length >> 1, text.length - 1])
      says(check(writeText(text.slice(0, length))), /error: the kubeconfig \S+ cannot be read\n/);
    says(check(writeText("kind: Config\n")), /error: the kubeconfig says no current context\n/);
    says(check(writeText("- a\n- b\n")), /error: the kubeconfig says no current context\n/);
  });

  test("a context without a cluster, and an address that is none", () => {
    says(check(write({ ...config, clusters: [] })), /no cluster with an https address\n/);
    for (const server of ["https://", "127.0.0.1:6443", "http://127.0.0.1:1"])
      says(
        check(write({ ...config, clusters: [{ name: "test", cluster: { server } }] })),
        /no cluster with an https address\n/,
      );
  });

  const apiVersion = "client.authentication.k8s.io/v1";

  function check(KUBECONFIG: string, ...words: readonly string[]) {
    const program = join(folder, "dist", "kubectl-linkerd_certs.cjs");
    const env = { HOME: join(folder, "home"), PATH: process.env["PATH"], KUBECONFIG };
    const run = spawnSync(process.execPath, [program, "check", ...words], {
      cwd: folder,
      encoding: "utf8",
      env,
    });
    return { code: run.status, stdout: run.stdout, stderr: run.stderr };
  }

  function says({ code, stdout, stderr }: ReturnType<typeof check>, what: RegExp) {
    assert.match(stderr, what);
    assert.match(stderr, /^linkerd-certs: error: [^\n]+\nlinkerd-certs: hint: [^\n]+\n$/);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.ok(!stderr.includes(cp.token), "no token is quoted");
  }

  function jwt(exp: number): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    return `${part({ alg: "RS256" })}.${part({ exp })}.c2ln`;
  }

  let files = 0;
  function write(content: object): string {
    return writeText(JSON.stringify(content));
  }
  function writeText(text: string): string {
    const file = join(folder, `kubeconfig-${files++}`);
    writeFileSync(file, text);
    return file;
  }
});
