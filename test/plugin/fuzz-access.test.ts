// Whatever says where the cluster is, who we are and what is settled: an exit code of the contract, no token shown, and an end.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { exitCodes } from "../../plugin/exit-codes.ts";
import { anchor } from "../certificates/index.ts";
import { testWorld } from "./world.ts";

const codes: ReadonlySet<number> = new Set(Object.values(exitCodes));
const token = "hidden-c2VjcmV0";
const away = "https://127.0.0.1:1";
const ca = anchor("root").pem;
const kubeconfig = JSON.stringify({
  "current-context": "a",
  contexts: [{ name: "a", context: { cluster: "a", user: "a" } }],
  clusters: [{ name: "a", cluster: { server: away, "proxy-url": "http://me:hidden-pw@127.0.0.1:1" } }],
  users: [
    { name: "a", user: { token } },
    { name: "b", user: { username: "b", password: token } },
  ],
});
const few = { numRuns: 300, interruptAfterTimeLimit: 20_000, endOnFailure: true } as const;

async function holds(argv: readonly string[], files: Record<string, string> = {}): Promise<number> {
  const world = testWorld({ files: { "ca.crt": ca, kubeconfig, ...files } });
  const named = { ...world, env: { HOME: world.cwd } };
  const words = argv.map((one) => (one === "@kubeconfig" ? world.path("kubeconfig") : one));
  const { run } = await import("../../plugin/run.ts");
  const code = await run(words, named);
  const { stdout, stderr } = world.output();
  assert.ok(codes.has(code), `exit code ${code}`);
  assert.doesNotMatch(stderr, /\n\s+at \S+ \(|node:internal|TypeError|RangeError|ReferenceError|\[object /);
  assert.ok(!`${stdout}${stderr}`.includes("hidden"), `a secret is shown: ${stdout}${stderr}`);
  return code;
}

describe("the cluster's flags", () => {
  const texts = fc.constantFrom(
    "a",
    "b",
    "",
    "none",
    "@kubeconfig",
    "ca.crt",
    "10.0.0.1",
    "x.example",
    "1",
    "-",
    "a\nb",
  );
  const servers = fc.constantFrom(
    away,
    "127.0.0.1:1",
    "http://127.0.0.1:1",
    "https://",
    "::",
    `https://${token}@127.0.0.1:1`,
    `https://${token}@:x`,
    `http://me:${token}@x`,
    "",
  );
  const named = (flags: readonly string[], values: fc.Arbitrary<string>) =>
    fc
      .tuple(fc.constantFrom(...flags), values, fc.boolean())
      .map(([flag, value, joined]) => (joined ? [`${flag}=${value}`] : [flag, value]));
  const flag = fc.oneof(
    named(["--server", "-s"], servers),
    named(["--token"], fc.constantFrom(token, `${token}\n`, "")),
    named(["--user", "--cluster", "--context", "--as", "--as-uid", "--as-group", "--tls-server-name"], texts),
    named(["--certificate-authority", "--kubeconfig", "-v", "--verbose"], texts),
    fc.constantFrom(
      ["--insecure-skip-tls-verify"],
      ["--insecure-skip-tls-verify=true"],
      ["--insecure-skip-tls-verify=false"],
    ),
    fc.constantFrom(
      ["--insecure-skip-tls-verify=maybe"],
      ["--offline"],
      ["--offline=true"],
      ["-o=json"],
      ["--yes=false"],
    ),
  );
  test("in any order, number and contradiction", async () => {
    const argv = fc
      .tuple(
        fc.constantFrom(
          ["check"],
          ["inspect"],
          ["bundle", "--live"],
          ["validate", "-f", "ca.crt", "--against", "live"],
        ),
        fc.array(flag, { maxLength: 5 }),
      )
      .map(([command, flags]) => [
        ...command,
        "--kubeconfig",
        "@kubeconfig",
        "--request-timeout",
        "2s",
        ...flags.flat(),
      ]);
    await fc.assert(
      fc.asyncProperty(argv, async (words) => {
        await holds(words);
      }),
      few,
    );
  });

  test("half a kubeconfig, or a damaged one", async () => {
    const damaged = fc
      .tuple(fc.nat(), fc.constantFrom("", "x", "{", "[", ":", "\0", "null", '"'))
      .map(([at, put]) => {
        const end = at % kubeconfig.length;
        return `${kubeconfig.slice(0, end)}${put}${put === "" ? "" : kubeconfig.slice(end + 1)}`;
      });
    await fc.assert(
      fc.asyncProperty(damaged, async (text) => {
        const code = await holds(["check", "--kubeconfig", "@kubeconfig", "--request-timeout", "2s"], {
          kubeconfig: text,
        });
        assert.equal(code, exitCodes.failed);
      }),
      few,
    );
  });
});

describe("a file of settings", () => {
  const sound =
    "fail-on: warning\nsuppressions:\n- { rule: issuer-is-ca, until: 2026-12-31, reason: hidden }\nrules: { issuer-is-ca: off }\n";
  const key = fc.constantFrom(
    "fail-on",
    "output",
    "context",
    "contexts",
    "rules",
    "suppressions",
    "__proto__",
    "constructor",
    "x",
  );
  const value = fc.oneof(
    fc.json(),
    fc.constantFrom("*a", "&a [*a]", "!!binary x", "2026-12-31", "~", "|", "{", "- - -", "warning"),
  );

  test("of anything is read, or refused with its line", async () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc
        .array(fc.tuple(key, value), { maxLength: 4 })
        .map((lines) => lines.map(([k, v]) => `${k}: ${v}\n`).join("")),
      fc.nat(sound.length).map((end) => sound.slice(0, end)),
    );
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        const code = await holds(["inspect", "ca.crt"], { ".linkerd-certs.yaml": content });
        assert.ok(code === exitCodes.ok || code === exitCodes.failed, `exit code ${code}`);
      }),
      { ...few, numRuns: 150 },
    );
  });
});
