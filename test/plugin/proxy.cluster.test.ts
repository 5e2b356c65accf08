// The way through real proxies to a real API server, as kubectl goes it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { anchor, leaf } from "../certificates/index.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import { skip } from "../cluster/skip.ts";
import { type Bundled, bundledPlugin, oneLineAndHint, through } from "./bundled.ts";
import { connectProxy, socksProxy, type TestProxy } from "./proxies.ts";

describe("through a proxy", { skip }, () => {
  let cp: ControlPlane;
  let plugin: Bundled;
  let host: string;
  // A name in the API server's certificate that nobody but the proxy can look up.
  const hosts = { "kubernetes.default": "127.0.0.1" };
  let far: string;
  before(async () => {
    cp = await startControlPlane({ kwok: false });
    plugin = await bundledPlugin(cp);
    ({ host } = new URL(cp.server));
    far = `kubernetes.default:${new URL(cp.server).port}`;
  });
  after(async () => {
    plugin.end();
    await cp.stop();
  });

  async function says(
    what: RegExp,
    kubeconfig: string,
    env: Record<string, string> = {},
    words: readonly string[] = [],
  ) {
    const ran = await plugin.run(["check", ...words], { kubeconfig, env });
    assert.match(ran.stderr, what);
    assert.match(ran.stderr, oneLineAndHint);
    assert.equal(ran.code, 1);
    assert.ok(!ran.stderr.includes("hidden"), "the proxy's password is shown");
  }

  async function by(proxy: Promise<TestProxy>, use: (proxy: TestProxy) => Promise<void>) {
    const one = await proxy;
    try {
      await use(one);
    } finally {
      one.close();
    }
  }

  for (const [scheme, start] of [
    ["http", connectProxy],
    ["socks5", socksProxy],
    ["socks5h", socksProxy],
  ] as const) {
    test(`${scheme}, to this machine too, because the kubeconfig says so`, () =>
      by(start(), async ({ port, asked }) => {
        await says(through, plugin.withCluster({ "proxy-url": `${scheme}://127.0.0.1:${port}` }));
        assert.ok(asked.length > 0 && asked.every((one) => one === host), String(asked));
        assert.ok(asked.length <= 3, `connections are kept: ${asked.length}`);
      }));

    test(`${scheme}, which looks the name up`, () =>
      by(start({ hosts }), async ({ port, asked }) => {
        const cluster = { server: `https://${far}`, "proxy-url": `${scheme}://127.0.0.1:${port}` };
        await says(through, plugin.withCluster(cluster));
        assert.ok(
          asked.every((one) => one === far),
          String(asked),
        );
      }));

    test(`${scheme}, to somebody else's address: it is not believed`, () =>
      by(start({ hosts: { "10.9.9.9": "127.0.0.1" } }), async ({ port }) => {
        const server = `https://10.9.9.9:${new URL(cp.server).port}`;
        const cluster = { server, "proxy-url": `${scheme}://127.0.0.1:${port}` };
        await says(
          /does not prove that it is one \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
          plugin.withCluster(cluster),
        );
        await says(through, plugin.withCluster({ ...cluster, "tls-server-name": "kubernetes.default" }));
      }));

    test(`${scheme} with a user and a password`, () =>
      by(start({ login: "me:hidden@1" }), async ({ port }) => {
        const url = (login: string) => ({ "proxy-url": `${scheme}://${login}127.0.0.1:${port}` });
        await says(through, plugin.withCluster(url("me:hidden%401@")));
        for (const login of ["", "me:hidden@"])
          await says(
            scheme === "http"
              ? /the proxy lets nobody through .*\(407\)\n.*user and password/
              : /through the proxy 127\.0\.0\.1:\d+ cannot be reached/,
            plugin.withCluster(url(login)),
          );
      }));
  }

  test("https, trusted as kubectl trusts it: by the cluster's own authorities", async () => {
    const dates = { notBefore: new Date(Date.now() - 3_600_000), notAfter: new Date(Date.now() + 3_600_000) };
    const ca = anchor("proxies", dates);
    const own = leaf(ca, { ...dates, sans: ["ip:127.0.0.1"], extKeyUsage: ["serverAuth"] });
    await by(connectProxy({ tls: { key: own.keyPem, cert: own.pem } }), async ({ port, asked }) => {
      const proxied = { "proxy-url": `https://127.0.0.1:${port}`, "certificate-authority": undefined };
      const both = Buffer.from(`${readFileSync(cp.caFile, "utf8")}${ca.pem}`).toString("base64");
      await says(through, plugin.withCluster({ ...proxied, "certificate-authority-data": both }));
      assert.ok(asked.length > 0);
      await says(
        /through the proxy 127.*does not prove/,
        plugin.withCluster({ "proxy-url": proxied["proxy-url"] }),
      );
    });
  });

  test("by the environment, but not where NO_PROXY or this machine is meant", () =>
    by(connectProxy({ hosts }), async ({ port, asked }) => {
      const HTTPS_PROXY = `http://127.0.0.1:${port}`;
      const away = plugin.withCluster({ server: `https://${far}` });
      await says(through, away, { HTTPS_PROXY });
      await says(through, away, { https_proxy: `127.0.0.1:${port}` });
      assert.ok(asked.length > 0);
      asked.length = 0;
      await says(/cannot be reached \((ENOTFOUND|EAI_AGAIN)\)/, away, {
        HTTPS_PROXY,
        NO_PROXY: "a.example,.default",
      });
      await says(through, cp.kubeconfig, { HTTPS_PROXY });
      assert.deepEqual(asked, []);
    }));

  test("--server goes through it, too", () =>
    by(connectProxy({ hosts }), async ({ port, asked }) => {
      const file = plugin.withCluster({ "proxy-url": `http://127.0.0.1:${port}` });
      await says(through, file, {}, ["--server", `https://${far}`]);
      assert.equal(asked[0], far);
    }));

  test("that is not there, reaches nobody, or says nothing", async () => {
    await by(connectProxy(), async ({ port }) => {
      const cluster = { server: "https://127.0.0.1:1", "proxy-url": `http://127.0.0.1:${port}` };
      await says(/the proxy lets nobody through to the API server \(502\)/, plugin.withCluster(cluster));
    });
    for (const scheme of ["http", "https", "socks5"])
      await says(
        /the API server at \S+ through the proxy 127\.0\.0\.1:1 cannot be reached/,
        plugin.withCluster({ "proxy-url": `${scheme}://127.0.0.1:1` }),
      );
    await by(connectProxy({ silent: true }), async ({ port }) => {
      const file = plugin.withCluster({ "proxy-url": `http://127.0.0.1:${port}` });
      await says(/through the proxy \S+ did not answer in time/, file, {}, ["--request-timeout", "1s"]);
    });
    await says(
      /proxy-url in the kubeconfig names no proxy\n/,
      plugin.withCluster({ "proxy-url": "ftp://me:hidden@x" }),
    );
  });
});
