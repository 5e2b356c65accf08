import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { html } from "../../../plugin/report/html.ts";
import { scaleOf } from "../../../plugin/report/scale.ts";
import { kubectl, own } from "../../../plugin/report/shell.ts";
import { after, anchor, bundle, day, hour, issuer, now, year } from "../../certificates/index.ts";
import { injectedPod } from "../../cluster/injected.ts";
import { running } from "../../cluster/running.ts";
import { installed, readOnly } from "../read-only.ts";
import { testWorld } from "../world.ts";
import { evil, healthy, keyLines } from "./meshes.ts";
import { reportOf } from "./pages.ts";

describe("report", () => {
  test("writes one file, named after cluster and day, whole or not at all", async () => {
    const key = anchor().keyPem;
    const world = testWorld({
      cluster: readOnly(healthy()),
      files: { "held.key": key, "notes.txt": "notes\n" },
    });
    const { code, stdout, stderr } = await world.run("report", "--context", "arn:aws:eks/prod");
    const name = "linkerd-trust-arn-aws-eks-prod-2026-06-01.html";
    assert.deepEqual([code, stdout], [0, ""]);
    assert.match(stderr, new RegExp(`^wrote ${name}: All is well: \\d+ questions, no finding\\n$`));
    assert.match(world.file(name), /^<!doctype html>\n.*<\/html>\n$/s);
    assert.equal(world.mode(name), 0o644 & ~process.umask());
    assert.equal((await world.run("report", "-o", name)).code, 0);
    const refused = await world.run("report", "-o", "held.key");
    assert.deepEqual([refused.code, world.file("held.key")], [1, key]);
    assert.match(refused.stderr, /held\.key holds a private key and is not replaced/);
    assert.equal((await world.run("report", "east")).code, 64);
    const kept = await world.run("report", "-o", "notes.txt");
    assert.deepEqual([kept.code, world.file("notes.txt")], [1, "notes\n"]);
    assert.match(kept.stderr, /notes\.txt is there already, and is not overwritten/);
  });

  test("says first how it is, then what is wrong and the commands that mend it", async () => {
    const { page } = await reportOf("west");
    const text = page
      .replace(/<style>.*<\/style>|<[^>]+>/gs, "")
      .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(code));
    assert.match(text, /error: 2 errors and \d warnings; 2 questions could not be answered/);
    assert.ok(text.includes("kubectl --context west -n linkerd rollout restart deploy/linkerd-identity\n"));
    assert.ok(text.includes("kubectl --context west -n legacy rollout restart deploy/till\n"));
    assert.ok(text.includes("kubectl linkerd-certs rotate anchor --create new-anchor --context west\n"));
    const order = [
      "Findings",
      "Out of sight",
      "What happens next",
      "Trust tree",
      "Who trusts what",
      "Places of the bundle",
      "Webhooks",
      "All questions",
    ];
    assert.deepEqual(
      [...page.matchAll(/<h2 [^>]*>([^<]+)/g)].map(([, title]) => title),
      order,
    );
  });

  test("what names say stays text", async () => {
    const { page } = await reportOf("west");
    assert.ok(!/<script|<img|javascript:|\son\w+="|\sstyle=/i.test(page));
    assert.ok(page.includes(String(html`${evil.slice(0, 40)}`.html)));
  });

  test("no key is in it, whatever there was", async () => {
    const { page } = await reportOf("east", "west");
    const lines = keyLines();
    assert.ok(lines.length > 40);
    assert.deepEqual(
      lines.filter((line) => page.includes(line)),
      [],
    );
    assert.ok(!/PRIVATE KEY|BEGIN /.test(page));
  });

  test("loads nothing: no address but those of the documentation", async () => {
    const { page } = await reportOf("east", "away");
    assert.match(page, /default-src &#39;none&#39;|default-src 'none'/);
    assert.deepEqual([...page.matchAll(/\b(?:src|data|action|xlink:href)=|url\(|@import/g)], []);
    for (const [, address = ""] of page.matchAll(/href="([^"]*)"/g))
      assert.match(address, /^#|^https:\/\/github\.com\/linkerd-certs\/linkerd-certs\/blob\/main\//);
  });

  test("several clusters, of which one does not answer", async () => {
    const { code, page, stderr } = await reportOf("east", "west", "away");
    assert.equal(code, 1);
    assert.equal(stderr, "linkerd-certs: warning: away: the API server at away cannot be reached\n");
    assert.match(page, /<h1>3 clusters<\/h1>/);
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length);
  });

  test("no restart is proposed while identity would not sign, nor of a workload that is called like a command", async () => {
    const [root, other] = [anchor("root"), anchor("other")];
    const pod = (name: string) =>
      running(
        injectedPod({ name, namespace: "shop", bundle: bundle(other), kind: "Deployment" }),
        after(-hour),
      );
    const page = async (signer: typeof root) => {
      const { pem, keyPem } = issuer(signer);
      const install = { bundle: bundle(root), issuer: { chainPem: pem, keyPem } };
      const objects = { ...installed(install), "/api/v1/pods": [pod("web"), pod("x;reboot")] };
      return (await testWorld({ cluster: readOnly(objects) }).run("report", "-o", "-")).stdout;
    };
    const commands = (text: string) =>
      [...text.matchAll(/<span class="line">(.*?)\n<\/span>/g)].map(([, line = ""]) =>
        line.replace(/<[^>]+>/g, ""),
      );
    assert.deepEqual(
      new Set(commands(await page(root))),
      new Set(["kubectl -n shop rollout restart deploy/web"]),
    );
    assert.ok(commands(await page(other)).every((line) => !line.includes("rollout")));
  });
});

describe("what a page is made of", () => {
  test("text is escaped, HTML is not, and nothing stands for nothing", () => {
    assert.equal(html`${"\u200b\ue000\ud800\u2028\t"}`.html, "U+200BU+E000U+D800U+2028\t");
    const inner = html`<b>${"<i>\u202e"}</b>`;
    assert.equal(
      html`<p>${inner}${[inner, "&"]}${undefined}${false}${0}</p>`.html,
      "<p><b>&#60;i&#62;U+202E</b><b>&#60;i&#62;U+202E</b>&#38;0</p>",
    );
  });

  test("a command is read back by a shell as it was meant", () => {
    assert.equal(
      kubectl({ context: "a b'c" }, "linkerd", "get", "pods"),
      `kubectl --context 'a b'\\''c' -n linkerd get pods`,
    );
    assert.equal(own(["check"], { namespace: "mesh" }), "kubectl linkerd-certs check -L mesh");
  });

  test("the scale tells tomorrow from next week and from ten years", () => {
    const scale = scaleOf(now, [after(-year), after(10 * year)]);
    const places = [-2 * year, -year, 0, day, 7 * day, year, 10 * year].map((ms) => scale.at(after(ms)));
    assert.deepEqual(
      [...places].sort((a, b) => a - b),
      places,
    );
    assert.deepEqual([places[0], places[1], places[2], places.at(-1)], [0, 0, 20, 100]);
    assert.ok((places[4] ?? 0) - (places[3] ?? 0) > 10);
  });
});
