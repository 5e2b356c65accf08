// Whatever is typed or read: an exit code of the contract, no throw, no stack trace, and an end in time.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import fc from "fast-check";
import { commands } from "../../plugin/commands/index.ts";
import { optionsOf } from "../../plugin/common-options.ts";
import { exitCodes } from "../../plugin/exit-codes.ts";
import { anchor, issuer } from "../certificates/index.ts";
import { type TestWorldOptions, testWorld } from "./world.ts";

const codes: ReadonlySet<number> = new Set(Object.values(exitCodes));
const ca = anchor("root");
const signed = issuer(ca);
const secrets = `${ca.keyPem}${signed.keyPem}`.split("\n").filter((line) => /^[\w+/]{64}$/.test(line));

async function holds(argv: readonly string[], options: TestWorldOptions = {}): Promise<number> {
  const started = performance.now();
  const world = testWorld(options);
  const words = argv.map((one) => (one === "@x" ? world.path("x") : one)); // the client's paths are the process's
  const { code, stdout, stderr } = await world.run(...words);
  assert.ok(codes.has(code), `exit code ${code}`);
  assert.doesNotMatch(
    stderr,
    /\n\s+at \S+ \(|node:internal|TypeError|RangeError|ReferenceError|undefined|\[object /,
  );
  assert.ok(!secrets.some((line) => stdout.includes(line) || stderr.includes(line)), "a key is shown");
  const ms = performance.now() - started;
  assert.ok(ms < 20_000, `it took ${ms} ms`);
  return code;
}

describe("the words", () => {
  const flags = [
    ...new Set(
      commands
        .flatMap(({ takes, options }) => Object.entries({ ...optionsOf(takes), ...options }))
        .flatMap(([name, { short }]) => [
          `--${name}`,
          `--no-${name}`,
          ...(short === undefined ? [] : [`-${short}`]),
        ]),
    ),
  ];
  const values = [
    "json",
    "yaml",
    "table",
    "pem",
    "never",
    "5m",
    "-1s",
    "60d",
    "20%",
    "1e9d",
    "any",
    "a/b",
    "=",
    "",
    "-",
  ];
  const names = [
    "ca.crt",
    "issuer.crt",
    "secret/x",
    "configmap/",
    "pod/../x",
    "bundle-present",
    "nothing",
    "..",
    "\0",
  ];
  const word = fc.oneof(
    fc.constantFrom(...flags),
    fc.constantFrom(...values, ...names),
    fc.tuple(fc.constantFrom(...flags), fc.constantFrom(...values)).map((pair) => pair.join("=")),
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.constantFrom("--", "__proto__", "--__proto__", "--constructor=x", "-zz", "--help", "help"),
  );
  const command = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...commands.map(({ name }) => name.split(" "))) },
    { weight: 1, arbitrary: fc.array(fc.string(), { maxLength: 2 }) },
  );

  test("of every command, in any order and number", async () => {
    const argv = fc
      .tuple(command, fc.array(word, { maxLength: 6 }))
      .map(([first, more]) => [...first, ...more]);
    const files = { "ca.crt": ca.pem, "ca.key": ca.keyPem, "issuer.crt": signed.pem };
    // A wait is a wait: with no cluster it would only be waited for.
    const awaited = argv.filter((words) => !words.some((one) => /^--wait/.test(one)));
    await fc.assert(
      fc.asyncProperty(awaited, (words) => holds(words, { files }).then(() => {})),
      { numRuns: 300, interruptAfterTimeLimit: 20_000, endOnFailure: true },
    );
  });
});

describe("the readers", () => {
  const whole = [ca.pem, `${ca.pem}${signed.pem}`, signed.keyPem, manifest(ca.pem), manifest("---\n- ")];
  const cut = fc.tuple(fc.constantFrom(...whole), fc.nat(), fc.nat(255)).map(([text, at, byte]) => {
    const bytes = Buffer.from(text);
    const end = at % bytes.length;
    return byte < 128 ? bytes.subarray(0, end) : Buffer.concat([bytes.fill(byte, end, end + 1)]);
  });
  const der = fc.tuple(fc.nat(), fc.nat(255)).map(([at, byte]) => {
    const bytes = Buffer.from(derOf(ca.pem));
    bytes[at % bytes.length] = byte;
    return bytes;
  });
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
    cut,
    der,
    fc
      .string({ unit: "binary", maxLength: 200 })
      .map((text) => Buffer.from(`kind: ConfigMap\ndata: ${text}`)),
  );
  const readers = [
    ["inspect", "x"],
    ["inspect", "x", "-o", "json"],
    ["bundle", "x", "ca.crt", "-o", "out.crt"],
    ["validate", "-f", "x"],
    ["validate", "-f", "x", "-o", "sarif"],
    ["create", "issuer", "new.crt", "new.key", "--ca", "x", "--ca-key", "ca.key"],
    ["check", "--kubeconfig", "@x"],
  ];

  test("of anything", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...readers), content, async (words, x) => {
        await holds(words, { files: { x, "ca.crt": ca.pem, "ca.key": ca.keyPem } });
      }),
      { numRuns: 300, interruptAfterTimeLimit: 20_000, endOnFailure: true },
    );
  });

  const large: Readonly<Record<string, string | Uint8Array>> = {
    "random bytes": randomBytes(2 ** 21),
    "one line": "A".repeat(2 ** 22),
    "open brackets": "[".repeat(100_000),
    "open braces": "{a: ".repeat(50_000),
    "begins without end": "-----BEGIN CERTIFICATE-----\n".repeat(50_000),
    "empty blocks": "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n".repeat(20_000),
    "many documents": "---\n".repeat(200_000),
    aliases: `a: &a [x]\n${Array.from({ length: 20 }, (_, n) => `a${n}: &b${n} [*a, ${n > 0 ? `*b${n - 1}, *b${n - 1}` : ""}]\n`).join("")}`,
    "one anchor, a thousand times": ca.pem.repeat(1000),
    "DER, and then nothing": Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff]),
    "DER, nested": Buffer.concat([Buffer.from("3080".repeat(50_000), "hex")]),
  };
  for (const [name, x] of Object.entries(large)) {
    test(`of too much: ${name}`, async () => {
      for (const words of readers.slice(0, 4)) await holds(words, { files: { x, "ca.crt": ca.pem } });
    });
  }
});

function manifest(text: string): string {
  const data = text.replace(/^/gm, "    ");
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: linkerd-identity-trust-roots\n  namespace: linkerd\ndata:\n  ca-bundle.crt: |\n${data}\n`;
}

function derOf(pem: string): Uint8Array {
  return Buffer.from(pem.replace(/-----[^-]+-----/g, ""), "base64");
}
