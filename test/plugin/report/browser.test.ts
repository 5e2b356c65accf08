import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { eventually } from "../../cluster/eventually.ts";
import { type Browser, noBrowser, startBrowser } from "./browser.ts";
import { evil } from "./meshes.ts";
import { reportOf } from "./pages.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pages = { healthy: ["east"], sick: ["west"], several: ["east", "west", "away"] } as const;
const screens = { laptop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const;
/** As narrow as WCAG asks for (1.4.10). */
const narrow = { width: 320, height: 568 };

describe("the report in Chromium", { skip: noBrowser }, () => {
  let browser: Browser;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), "linkerd-certs-report-"));
  const address = (name: string) => pathToFileURL(join(folder, `${name}.html`)).href;
  /** Whatever the page asked for, complained about or opened. */
  const heard: string[] = [];

  before(async () => {
    for (const [name, contexts] of Object.entries(pages))
      writeFileSync(join(folder, `${name}.html`), (await reportOf(...contexts)).page);
    browser = await startBrowser();
    page = await browser.context.newPage();
    page.on("request", (request) => heard.push(request.url()));
    page.on("console", (message) => heard.push(message.text()));
    page.on("pageerror", (error) => heard.push(error.message));
    page.on("dialog", (dialog) => {
      heard.push(dialog.message());
      void dialog.dismiss();
    });
  });
  after(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const name of Object.keys(pages))
    for (const [screen, size] of Object.entries(screens))
      for (const colorScheme of ["light", "dark"] as const)
        test(`${name}, ${screen}, ${colorScheme}: fits, is accessible, asks for nothing`, async () => {
          heard.length = 0;
          await page.emulateMedia({ colorScheme, media: "screen" });
          await page.setViewportSize(size);
          await page.goto(address(name));
          assert.deepEqual(heard, [address(name)]);
          assert.equal(await page.evaluate("document.documentElement.scrollWidth"), size.width);
          assert.deepEqual(await violations(page), []);
        });

  test("names that would be markup are shown as they are, and run nothing", async () => {
    heard.length = 0;
    await page.goto(address("sick"));
    assert.deepEqual(heard, [address("sick")]);
    assert.equal(await page.title(), "× Linkerd trust of west");
    assert.equal(await page.locator("script, img, iframe, object").count(), 0);
    assert.ok((await page.locator(".tree .name").allTextContents()).includes(evil.replaceAll('"', '\\"')));
  });

  test("its own policy keeps scripts out, should one ever get in", async () => {
    await page.goto(address("healthy"));
    const ran = `(() => { const s = document.createElement("script"); s.textContent = "window.ran = true"; document.body.append(s); return window.ran === true })()`;
    assert.equal(await page.evaluate(ran), false);
  });

  test("with the keyboard, the first stop leads past the header", async () => {
    await page.setViewportSize(screens.laptop);
    await page.goto(address("sick"));
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    // A browser may move the focus only when it draws next.
    await eventually(
      "the content has the focus",
      async () => (await page.evaluate("document.activeElement.id")) === "content",
    );
  });

  test("on paper it is light, and what was folded is open", async () => {
    await page.goto(address("sick"));
    await page.emulateMedia({ colorScheme: "dark", media: "print" });
    assert.equal(
      await page.evaluate("getComputedStyle(document.body).backgroundColor"),
      "rgb(255, 255, 255)",
    );
    assert.ok(await page.locator("details li").first().isVisible());
    assert.deepEqual(await violations(page), []);
    const pdf = await page.pdf({ format: "A4" });
    assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  });

  test("on the narrowest screen, with names as long as they come, nothing stands out at the side", async () => {
    await page.emulateMedia({ media: "screen" });
    await page.setViewportSize(narrow);
    for (const name of Object.keys(pages)) {
      const text = readFileSync(join(folder, `${name}.html`), "utf8");
      writeFileSync(
        join(folder, "long.html"),
        text.replaceAll("root.linkerd.cluster.local", "w".repeat(100)),
      );
      for (const one of [name, "long"]) {
        await page.goto(address(one));
        assert.equal(await page.evaluate("document.documentElement.scrollWidth"), narrow.width, one);
      }
    }
  });
});

/** What axe-core finds by all of its rules, those of good practice too. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe); // through the debugger, which the page's policy does not bind
  const results = (await page.evaluate("axe.run()")) as AxeResults; // its own answer
  return [...results.violations].flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
