// What Go's golang.org/x/net/http/httpproxy decides, which kubectl follows.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { proxyOf } from "../../cluster/access/proxy-of.ts";

const server = new URL("https://api.east.example:6443");
const env = (NO_PROXY: string) => ({ HTTPS_PROXY: "proxy.example:3128", NO_PROXY });
const goesBy = (url: string, list: string) => proxyOf(new URL(url), undefined, env(list)) !== undefined;

describe("the proxy to a server", () => {
  test("is the kubeconfig's, whatever the environment says", () => {
    assert.equal(proxyOf(server, "socks5://127.0.0.1:1080", env("*"))?.href, "socks5://127.0.0.1:1080");
  });

  test("is HTTPS_PROXY, in either case, with http where it says no scheme", () => {
    assert.equal(proxyOf(server, undefined, env(""))?.href, "http://proxy.example:3128/");
    assert.equal(
      proxyOf(server, undefined, { https_proxy: "https://p.example" })?.href,
      "https://p.example/",
    );
    assert.equal(
      proxyOf(server, "", { HTTP_PROXY: "http://p.example", ALL_PROXY: "http://p.example" }),
      undefined,
    );
  });

  test("is none by NO_PROXY: a name and what is below it, only what is below it, a port, all", () => {
    for (const list of [
      "east.example",
      "api.east.example",
      ".example",
      "*.east.example",
      "API.East.Example",
      "*",
    ])
      assert.ok(!goesBy(server.href, `other.example, ${list}`), list);
    for (const list of ["", ",", "ast.example", ".api.east.example", "*.api.east.example", "example.api"])
      assert.ok(goesBy(server.href, list), list);
    assert.ok(!goesBy(server.href, "east.example:6443"));
    assert.ok(goesBy(server.href, "east.example:443"));
    assert.ok(!goesBy("https://east.example", "east.example:443"));
  });

  test("is none by an address or a network", () => {
    for (const list of ["10.1.2.3", "10.0.0.0/8", "10.1.2.3:6443", "0.0.0.0/0"])
      assert.ok(!goesBy("https://10.1.2.3:6443", list), list);
    for (const list of ["10.1.2.4", "10.0.0.0/16", "10.1.2.3:443", "10.0.0.0/99", "fd00::/8", "x/8"])
      assert.ok(goesBy("https://10.1.2.3:6443", list), list);
    assert.ok(!goesBy("https://[fd00::1]:6443", "fd00::/8"));
    assert.ok(!goesBy("https://[fd00::1]:6443", "fd00::1"));
    assert.ok(!goesBy("https://[fd00::1]:6443", "[fd00::1]:6443"));
    assert.ok(goesBy("https://[fd00::1]:6443", "fd00::2,10.0.0.0/8"));
  });

  test("is none on this machine", () => {
    for (const host of ["localhost", "127.0.0.1", "127.9.9.9", "[::1]"])
      assert.ok(!goesBy(`https://${host}:6443`, ""), host);
  });

  test("what names none is said so, and not quoted: a password may stand in it", () => {
    for (const value of [
      "ftp://me:hidden@x",
      "http://",
      "http://me:hidden@:1",
      "socks4://hidden",
      "::hidden",
    ])
      assert.throws(
        () => proxyOf(server, value, {}),
        (error: Error) => {
          assert.match(error.message, /^proxy-url in the kubeconfig names no proxy$/);
          return !`${error.stack}`.includes("hidden");
        },
      );
    assert.throws(
      () => proxyOf(server, undefined, { HTTPS_PROXY: "ftp://x" }),
      /^Failure: \$HTTPS_PROXY names no proxy$/,
    );
  });
});
