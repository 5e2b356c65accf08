import assert from "node:assert/strict";
import { test } from "node:test";
import { testWorld } from "./world.ts";

test("a world keeps what is written and runs the plugin's words", async () => {
  const world = testWorld({ files: { "a/b.txt": "hello" } });
  assert.equal(world.file("a/b.txt"), "hello");
  const { code, stdout, stderr } = await world.run("rules", "-o", "name");
  assert.equal(code, 0);
  assert.match(stdout, /^bundle-present$/m);
  assert.equal(stderr, "");
});

test("a word that is no command ends in a hint", async () => {
  const { code, stderr } = await testWorld().run("explian");
  assert.equal(code, 64);
  assert.match(stderr, /did you mean explain/);
});

test("half of a command is told its other half, and lists what begins with it", async () => {
  const { code, stderr } = await testWorld().run("rotate");
  assert.equal(code, 64);
  assert.match(
    stderr,
    /error: rotate what\? anchor, issuer, status, abort, rollback, history\n.* rotate --help\n/,
  );
  assert.match((await testWorld().run("rotate", "ancho")).stderr, /did you mean rotate anchor\?/);
  assert.match((await testWorld().run("rotate", "xyzzyxyzzy")).stderr, / rotate --help lists the commands/);
  const { stdout } = await testWorld().run("rotate", "--help");
  assert.match(stdout, /^ {2}rotate status /m);
  assert.doesNotMatch(stdout, /^ {2}check /m);
});

test("a flag that there is not: the likely one is named, and nothing of how Node reads words", async () => {
  const told = async (...words: string[]) => (await testWorld().run(...words)).stderr.split("\n")[0];
  assert.equal(
    await told("create", "anchor", "--not-afte", "3h"),
    "linkerd-certs: error: there is no flag --not-afte; did you mean --not-after?",
  );
  assert.equal(
    await told("check", "--zzzzzzzzzzzz"),
    "linkerd-certs: error: there is no flag --zzzzzzzzzzzz",
  );
  assert.equal(await told("check", "-z"), "linkerd-certs: error: there is no flag -z");
});

test("a value that is missing, or begins with a dash: what to write is said", async () => {
  const told = async (...words: string[]) => (await testWorld().run(...words)).stderr.split("\n")[0];
  assert.equal(await told("validate", "-f"), "linkerd-certs: error: --filename needs a value");
  assert.equal(
    await told("check", "--request-timeout", "-5s"),
    "linkerd-certs: error: --request-timeout needs a value; one that begins with a dash is given as --request-timeout=VALUE",
  );
});

test("a time and a fingerprint are refused in the same words by every command", async () => {
  const told = async (...words: string[]) => (await testWorld().run(...words)).stderr.split("\n")[0];
  const commands = [
    ["check"],
    ["report"],
    ["validate", "-f", "x.yaml"],
    ["bundle", "--live"],
    ["rotate", "status"],
  ];
  for (const time of ["soon", "-5s"])
    for (const command of commands)
      assert.equal(
        await told(...command, `--request-timeout=${time}`),
        `linkerd-certs: error: --request-timeout ${time}: must be a time like 30s or 5m`,
      );
  for (const words of [
    ["bundle", "--live", "--drop"],
    ["rotate", "anchor", "--outgoing"],
  ])
    assert.equal(
      await told(...words, "4f0c2"),
      `linkerd-certs: error: ${words.at(-1)} 4f0c2: must be 8 to 64 hexadecimal digits of a fingerprint`,
    );
});
