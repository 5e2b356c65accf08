// Every link within the repository leads somewhere, to the very section that it names; and docs/README.md has every page.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, test } from "node:test";
import GithubSlugger from "github-slugger";
import { marked, type Token } from "marked";
import { home, pages, readPage } from "./pages.ts";

/** Our own pages on the web are those of this repository. */
const web = /^https:\/\/github\.com\/linkerd-certs\/linkerd-certs\/(?:blob|tree)\/main\//;
const elsewhere = /^[a-z][a-z+.-]*:/;

describe("every link leads somewhere", () => {
  for (const page of pages())
    test(page, () => {
      const broken = linksIn(page).flatMap((href) => whyBroken(page, href) ?? []);
      assert.deepEqual(broken, []);
    });
});

describe("docs/README.md", () => {
  const listed = new Set(linksIn("docs/README.md").map((href) => placeOf("docs/README.md", href)?.file));
  for (const page of pages())
    if (page.startsWith("docs/") && page !== "docs/README.md")
      test(`lists ${page}`, () => assert.ok(listed.has(page)));

  test("is what README.md leads to", () =>
    assert.ok(linksIn("README.md").some((href) => placeOf("README.md", href)?.file === "docs/README.md")));
});

/** What is wrong with a link of a page; undefined: nothing, or it leads out of the repository. */
function whyBroken(page: string, href: string): string | undefined {
  const place = placeOf(page, href);
  if (place === undefined) return undefined;
  const { file, anchor } = place;
  if (file.startsWith("..") || !existsSync(join(home, file))) return `${href}: there is no ${file}`;
  if (anchor === "" || (!file.endsWith(".md") && /^L\d+(-L\d+)?$/.test(anchor))) return undefined;
  return file.endsWith(".md") && anchorsIn(file).has(anchor)
    ? undefined
    : `${href}: ${file} has no #${anchor}`;
}

/** The file as it is called in the repository, and the section; undefined where it is on another site. */
function placeOf(page: string, href: string) {
  const own = href.replace(web, "/");
  if (elsewhere.test(own)) return undefined;
  const [path = "", anchor = ""] = own.split("#");
  const file = path.startsWith("/") ? path.slice(1) : join(dirname(page), decodeURI(path));
  return { file: path === "" ? page : normalize(file).replace(/\/$/, ""), anchor };
}

function linksIn(page: string): readonly string[] {
  const links: string[] = [];
  for (const token of tokensOf(page)) {
    if (token.type === "link" || token.type === "image") links.push(token["href"]);
    if (token.type === "html")
      links.push(...[...token.raw.matchAll(/\b(?:href|src|srcset)="([^"]+)"/g)].map(([, href = ""]) => href));
  }
  return links;
}

/** As GitHub names the sections of a page, those of the same title in their order. */
function anchorsIn(page: string): ReadonlySet<string> {
  const slugger = new GithubSlugger();
  const headings = tokensOf(page).filter(({ type }) => type === "heading");
  return new Set(headings.map((heading) => slugger.slug(wordsOf(heading))));
}

function tokensOf(page: string): readonly Token[] {
  const tokens: Token[] = [];
  marked.walkTokens(marked.lexer(readPage(page)), (token) => {
    tokens.push(token);
  });
  return tokens;
}

function wordsOf(token: Token): string {
  const inner: readonly Token[] = "tokens" in token ? (token.tokens ?? []) : [];
  if (inner.length > 0) return inner.map(wordsOf).join("");
  return "text" in token ? String(token.text) : "";
}
