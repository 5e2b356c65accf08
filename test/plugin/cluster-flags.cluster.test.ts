// kubectl's flags against a real API server: each says what kubectl's says, and a token shows nowhere.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { skip } from "../cluster/skip.ts";
import { type Bundled, bundledPlugin, oneLineAndHint, through } from "./bundled.ts";

describe("the cluster's flags", { skip }, () => {
  let cp: ControlPlane;
  let plugin: Bundled;
  before(async () => {
    cp = await startControlPlane({ kwok: false });
    plugin = await bundledPlugin(cp);
  });
  after(async () => {
    plugin.end();
    await cp.stop();
  });

  async function says(what: RegExp, words: readonly string[], kubeconfig?: string, code = 1) {
    const ran = await plugin.run(["check", ...words], kubeconfig === undefined ? {} : { kubeconfig });
    assert.match(ran.stderr, what);
    assert.match(ran.stderr, oneLineAndHint);
    assert.equal(ran.code, code);
    assert.ok(!`${ran.stdout}${ran.stderr}`.includes(cp.token), "the token is shown");
  }

  test("without any kubeconfig, an address, a token and an authority are enough", async () => {
    const flags = ["--server", cp.server, "--token", cp.token, "--certificate-authority", cp.caFile];
    await says(through, flags, "");
    await says(through, ["-s", cp.server.replace("https://", ""), ...flags.slice(2)], "");
    await says(/there is no kubeconfig/, ["--token", cp.token], "");
  });

  test("--token counts instead of everything else the user has", async () => {
    await says(/does not know who we are \(401\)/, ["--token", "nobodys"]);
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "false" };
    for (const user of [
      { token: "nobodys" },
      { exec },
      { username: "a", password: "b" },
      { tokenFile: "gone" },
    ])
      await says(through, ["--token", cp.token], plugin.withUser(user));
  });

  test("--token on the wire, but not with -v", async () => {
    const { code, stderr } = await plugin.run(["check", "-v", "6", "--token", cp.token]);
    assert.equal(code, 1);
    assert.match(stderr, /^linkerd-certs: GET https:\/\/127\.0\.0\.1:\d+\/api\/v1\/\S+ \d+ in \d+ ms$/m);
    assert.ok(!stderr.includes(cp.token));
  });

  test("--user and --cluster name others of the kubeconfig", async () => {
    const other = { name: "other", user: { token: "nobodys" } };
    const far = { name: "far", cluster: { server: "https://127.0.0.1:1" } };
    const { config } = plugin;
    const file = plugin.write({
      ...config,
      users: [...config.users, other],
      clusters: [...config.clusters, far],
    });
    await says(/\(401\)/, ["--user", "other"], file);
    await says(/127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\)/, ["--cluster", "far"], file);
    await says(/no user "none"\n.*Choose one of: test, other\.\n/, ["--user", "none"], file);
    await says(/no cluster "none"\n.*Choose one of: test, far\.\n/, ["--cluster", "none"], file);
    const contextless = plugin.write({ users: config.users, clusters: config.clusters });
    await says(through, ["--cluster", "test", "--user", "test"], contextless);
  });

  test("--server takes the kubeconfig's tls-server-name with it, and keeps its authority", async () => {
    const file = plugin.withCluster({ server: "https://127.0.0.1:1", "tls-server-name": "nowhere.example" });
    await says(through, ["--server", cp.server], file);
    await says(
      /ERR_TLS_CERT_ALTNAME_INVALID/,
      [],
      plugin.withCluster({ "tls-server-name": "nowhere.example" }),
    );
    for (const name of ["nowhere.example", "10.9.9.9"])
      await says(/ERR_TLS_CERT_ALTNAME_INVALID/, ["--tls-server-name", name]);
    await says(
      through,
      ["--tls-server-name", "127.0.0.1"],
      plugin.withCluster({ "tls-server-name": "nowhere.example" }),
    );
  });

  test("--insecure-skip-tls-verify and --certificate-authority each undo what the kubeconfig says", async () => {
    const stranger = plugin.withCluster({ "certificate-authority": undefined });
    await says(/does not prove that it is one/, [], stranger);
    await says(through, ["--insecure-skip-tls-verify"], stranger);
    await says(through, ["--insecure-skip-tls-verify=true"], stranger);
    await says(/does not prove/, ["--insecure-skip-tls-verify=false"], stranger);
    await says(through, ["--certificate-authority", cp.caFile], stranger);
    const blind = plugin.withCluster({
      "certificate-authority": undefined,
      "insecure-skip-tls-verify": true,
    });
    await says(through, [], blind);
    await says(through, ["--certificate-authority", cp.caFile], blind);
    await says(/gone, which the kubeconfig or a flag names, cannot be read \(ENOENT\)/, [
      "--certificate-authority",
      "gone",
    ]);
  });

  test("what contradicts itself is said before anything is asked", async () => {
    const usage = (what: RegExp, ...words: string[]) => says(what, words, "", 64);
    await usage(/only one of them/, "--insecure-skip-tls-verify", "--certificate-authority", cp.caFile);
    await usage(/--token and --user both say who we are/, "--token", cp.token, "--user", "test");
    await usage(
      /--token is for one cluster, but --context names 2/,
      "--context",
      "a",
      "--context",
      "b",
      "--token",
      cp.token,
    );
    await usage(/--server http:\/\/x: must be an https address/, "-s", "http://x");
    await usage(/--server holds a name or a password/, "-s", `https://me:${cp.token}@x`);
    await usage(/--token is no token/, "--token", `${cp.token}\nx`);
    await usage(/--as-uid needs --as/, "--as-uid", "7");
  });

  test("--as-uid is handed on", async () => {
    await says(through, ["--as", "jane", "--as-uid", "7", "--as-group", "system:masters"]);
    await says(/User "jane" cannot/, ["--as", "jane", "--as-uid", "7"]);
  });

  test("--from-context is another cluster: it gets no token", async () => {
    const { config } = plugin;
    const trap = { name: "trap", context: { cluster: "test", user: "nobody" } };
    const file = plugin.write({ ...config, contexts: [...config.contexts, trap] });
    const words = ["bundle", "--from-context", "trap", "--token", cp.token];
    const { stderr } = await plugin.run(words, { kubeconfig: file });
    assert.match(stderr, /system:anonymous/);
  });
});
