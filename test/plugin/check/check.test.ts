import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Failure } from "../../../cluster/failure.ts";
import { run } from "../../../plugin/run.ts";
import { after, anchor, bundle, day, hour, issuer, type Minted, year } from "../../certificates/index.ts";
import { installed, type Objects, readOnly } from "../read-only.ts";
import { testWorld } from "../world.ts";

const root = anchor("root");
const mesh = (signed: Minted = issuer(root)): Objects =>
  installed({ bundle: bundle(root), issuer: { chainPem: signed.pem, keyPem: signed.keyPem } });
const check = (objects: Objects, ...words: string[]) =>
  testWorld({ cluster: readOnly(objects) }).run("check", ...words);

describe("check", () => {
  test("--fail-on says from where on the exit code is 2", async () => {
    const soon = mesh(issuer(root, { notBefore: after(-year), notAfter: after(day) }));
    const codes = ["error", "warning", "never"].map(
      async (word) => (await check(soon, "--fail-on", word)).code,
    );
    assert.deepEqual(await Promise.all(codes), [0, 2, 0]);
  });

  test("an issuer of 48 hours does not warn all its life", async () => {
    const young = mesh(issuer(root, { notBefore: after(-20 * hour), notAfter: after(28 * hour) }));
    const warned = async (...words: string[]) => (await check(young, "-o", "short", ...words)).stdout;
    assert.ok(!(await warned()).includes("does not expire soon"));
    assert.match(await warned("--min-issuer-ttl", "60d"), /‼ the issuer does not expire soon\n/);
    assert.match(await warned("--min-issuer-ttl", "60%"), /‼ the issuer does not expire soon\n/);
    assert.ok(!(await warned("--min-anchor-ttl", "60%")).includes("issuer does not expire soon"));
    assert.match(await warned("--min-anchor-ttl", "11y"), /‼ no anchor expires soon\n/);
  });

  test("says the same of the same state, in every format", async () => {
    const same = mesh();
    for (const format of ["table", "wide", "short", "json", "yaml", "junit", "sarif", "github"])
      assert.deepEqual(await check(same, "-o", format), await check(same, "-o", format));
  });

  test("is coloured where that is asked for", async () => {
    const { stdout } = await check(mesh(), "--color", "always");
    assert.ok(stdout.includes("\u001b[32m√\u001b[39m no anchor has expired\n"));
    assert.ok(!(await check(mesh())).stdout.includes("\u001b"));
  });

  test("of several clusters, one that does not answer does not hide the others", async () => {
    const world = testWorld();
    const away = new Failure("the API server at away cannot be reached", "Check the network.");
    const both = {
      ...world,
      connect: async ({ context }: { readonly context?: string }) => {
        if (context === "away") throw away;
        return readOnly(mesh());
      },
    };
    const code = await run(["check", "--context", "here", "--context", "away", "-o", "short"], both);
    assert.equal(code, 1);
    assert.equal(
      world.output().stdout,
      `here
====

away
====

× the API server at away cannot be reached
    Check the network.

Status check results are ×
`,
    );
    assert.equal(await run(["check", "--context", "away"], both), 1);
    assert.match(
      world.output().stderr,
      /error: the API server at away cannot be reached\n.*hint: Check the network\.\n$/,
    );
  });

  test("is told to linkerd as an extension even where the cluster does not answer", async () => {
    const world = testWorld();
    const away = new Failure("nobody answers", "Check the network.");
    const linkerd = { ...world, calledAs: "linkerd-certs", connect: () => Promise.reject(away) };
    assert.equal(await run(["check", "--output=json"], linkerd), 1);
    assert.deepEqual(JSON.parse(world.output().stdout), {
      success: false,
      categories: [
        {
          categoryName: "linkerd-certs",
          checks: [
            {
              description: "the cluster can be asked",
              hint: "Check the network.",
              error: "nobody answers",
              result: "error",
            },
          ],
        },
      ],
    });
  });

  test("sarif names the object to write", async () => {
    const expired = mesh(issuer(root, { notAfter: after(-hour) }));
    const { stdout } = await check(expired, "-o", "sarif");
    const [result] = JSON.parse(stdout).runs[0].results;
    assert.equal(
      result.locations[0].physicalLocation.artifactLocation.uri,
      "Secret/linkerd/linkerd-identity-issuer",
    );
  });
});
