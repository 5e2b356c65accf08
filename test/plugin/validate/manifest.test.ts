import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Manifest } from "../../../plugin/manifest/manifest.ts";
import { type Reading, readManifests } from "../../../plugin/manifest/read.ts";
import { anchor } from "../../certificates/index.ts";
import { testWorld } from "../world.ts";

const read = (text: string | Uint8Array, name = "it.yaml"): Promise<Reading> =>
  readManifests([name], testWorld({ files: { [name]: text } }));

const only = async (text: string, name?: string): Promise<Manifest> => {
  const { manifests, unreadable } = await read(text, name);
  assert.deepEqual(unreadable, []);
  assert.equal(manifests.length, 1);
  return manifests[0] as Manifest; // there is one
};

const configMap = (name: string, more = "") =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}`;

describe("reading manifests", () => {
  it("takes no template for an object, though YAML reads its braces as a map", async () => {
    const { manifests, unreadable } = await read(configMap("{{ .Release.Name }}", "  namespace: linkerd\n"));
    assert.deepEqual(manifests, []);
    assert.match(unreadable[0]?.message ?? "", /^metadata\.name is no text; is it a template/);
  });

  it("finds each document, and the line it begins on", async () => {
    const text = `# first\n---\n${configMap("a")}---\n# nothing\n---\n${configMap("b")}...\n`;
    const { manifests } = await read(text);
    assert.deepEqual(
      manifests.map(({ name, place }) => [name, place.line]),
      [
        ["a", 3],
        ["b", 10],
      ],
    );
  });

  it("knows on which line a field and a line of a text stand", async () => {
    const manifest = await only(configMap("a", "data:\n  plain: x\n  block: |\n    one\n    two\n"));
    assert.equal(manifest.lineOf(["data", "plain"]), 6);
    assert.equal(manifest.lineOf(["data", "gone"]), 5);
    assert.equal(manifest.lineWithin(["data", "block"], 2), 9);
    assert.equal(manifest.lineWithin(["data", "plain"], 2), 6);
  });

  it("reads JSON, with tabs, and knows its lines", async () => {
    const text =
      '{\n\t"apiVersion": "v1",\n\t"kind": "Secret",\n\t"metadata": {"name": "s"},\n\t"data": {\n\t\t"a": "YQ=="}}';
    const manifest = await only(text, "it.json");
    assert.equal(manifest.lineOf(["data", "a"]), 6);
  });

  it("takes lists apart, of any kind", async () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: s}\n`;
    const typed = `---\napiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: c}\n`;
    const { manifests } = await read(list + typed);
    assert.deepEqual(
      manifests.map(({ kind, name, place }) => [kind, name, place.line]),
      [
        ["Secret", "s", 4],
        ["ConfigMap", "c", 11],
      ],
    );
  });

  // What `kubectl annotate --local -o json` (1.36) makes of the same lines.
  it("reads values as kubectl does", async () => {
    const values: readonly (readonly [string, unknown])[] = [
      ["y", true],
      ["Yes", true],
      ["off", false],
      ["2020-01-01", "2020-01-01"],
      ["2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00"],
      ["12:30:45", "12:30:45"],
      ["0o17", 15],
      ["017", 15],
      ["0b11", 3],
      ["1_000", 1000],
      ["1e3", 1000],
      [".5", 0.5],
      ["~", null],
      ["!!binary aGVsbG8=", "hello"],
      ["x\n  a14: z", "z"],
    ];
    const lines = values.map(([text], i) => `  a${i}: ${text}\n`).join("");
    const { object } = await only(configMap("a", `data:\n${lines}`));
    assert.deepEqual(object["data"], Object.fromEntries(values.map(([, value], i) => [`a${i}`, value])));
  });

  it("follows anchors and merges", async () => {
    const text = configMap("a", "common: &c\n  one: '1'\ndata:\n  <<: *c\n  two: '2'\n");
    const { object, lineOf } = await only(text);
    assert.deepEqual(object["data"], { one: "1", two: "2" });
    assert.equal(lineOf(["data", "two"]), 9);
    assert.equal(lineOf(["data", "one"]), 7);
  });

  it("passes over what is no object of Kubernetes", async () => {
    const { manifests, unreadable } = await read("identity:\n  externalCA: true\n---\n- a\n---\njust text\n");
    assert.deepEqual([manifests, unreadable], [[], []]);
  });

  it("walks folders as kubectl does: by name, and deeper only when asked", async () => {
    const world = testWorld({
      files: {
        "m/b.yaml": configMap("b"),
        "m/a.json": '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}',
        "m/c.txt": "x",
        "m/deep/d.yml": configMap("d"),
      },
    });
    const names = async (recursive: boolean) =>
      (await readManifests(["m"], world, recursive)).manifests.map(({ name }) => name);
    assert.deepEqual(await names(false), ["a", "b"]);
    assert.deepEqual(await names(true), ["a", "b", "d"]);
  });

  it("reads standard input", async () => {
    const { manifests } = await readManifests(["-"], testWorld({ stdin: configMap("a") }));
    assert.deepEqual(manifests[0]?.place, { file: "stdin", line: 1 });
  });
});

describe("reading what is no manifest", () => {
  const bombs = Array.from(
    { length: 12 },
    (_, i) => `l${i}: &l${i} [${`*l${i - 1},`.repeat(i === 0 ? 0 : 10)}x]`,
  );
  const cases: Readonly<Record<string, readonly [string | Uint8Array, RegExp]>> = {
    "binary garbage": [Buffer.from([0xff, 0xfe, 0, 1, 2]), /^1: not a text file$/],
    "a NUL in a text": ["a: b\0c", /^1: not a text file$/],
    "absurd nesting": [
      `${configMap("a")}data: ${"[".repeat(100_000)}`,
      /^\d+: nested too deeply to be read$/,
    ],
    "aliases that multiply": [
      `apiVersion: v1\nkind: X\n${bombs.join("\n")}\n`,
      /^1: aliases that would multiply beyond measure$/,
    ],
    "an open quote": [`${configMap("a")}data:\n  x: "y\n`, /^\d+: not YAML or JSON/],
    "a tab": [`${configMap("a")}data:\n\tx: y\n`, /^6: not YAML or JSON/],
    "a Helm template": [
      `{{- if .Values.x }}\n${configMap("a")}{{- end }}\n`,
      /^\d+: not YAML; a Helm template is rendered first: helm template$/,
    ],
    "a document larger than any request": [
      `${configMap("a").replace("ConfigMap", "Secret")}data:\n  x: ${"y".repeat(4 << 20)}\n`,
      /^1: a document of 5 MiB; Kubernetes takes 3 MiB at most$/,
    ],
  };
  for (const [title, [text, expected]] of Object.entries(cases)) {
    it(`says so in one line: ${title}`, async () => {
      const { unreadable } = await read(text);
      assert.match(`${unreadable[0]?.place.line}: ${unreadable[0]?.message}`, expected);
    });
  }

  it("reads on after a document that is none", async () => {
    const { manifests, unreadable } = await read(`a: [\n---\n${configMap("b")}`);
    assert.deepEqual([manifests[0]?.name, unreadable.length], ["b", 1]);
  });

  it("quotes no text in a complaint", async () => {
    const { unreadable } = await read(`a: "hunter2\n b: *hunter2 'hunter2\n`);
    assert.ok(unreadable.length > 0 && !JSON.stringify(unreadable).includes("hunter2"));
  });
});

describe("reading much", () => {
  const item = (i: number, more = "") =>
    `- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: pod-${i}\n    labels: {app: web}\n${more}`;
  const head = "apiVersion: v1\nkind: List\nitems:\n";
  const wanted = `- apiVersion: v1\n  kind: Secret\n  metadata:\n    name: wanted\n  data:\n    a: YQ==\n`;
  const many = Array.from({ length: 450_000 }, (_, i) => item(i)).join("");

  it("finds one Secret in a list of 45 MB, and its line", async () => {
    const { manifests, unreadable } = await read(`${head}${many}${wanted}metadata: {}\n`);
    assert.deepEqual(unreadable, []);
    assert.deepEqual(
      manifests.map(({ name, place, lineOf }) => [name, place.line, lineOf(["data", "a"])]),
      [["wanted", 4 + 450_000 * 5, 4 + 450_000 * 5 + 5]],
    );
  });

  it("does the same with JSON", async () => {
    const pod = (i: number) => `    {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p-${i}"}}`;
    const secret = '    {"apiVersion": "v1", "kind": "Secret",\n     "metadata": {"name": "wanted"}}';
    const pods = Array.from({ length: 20_000 }, (_, i) => pod(i));
    const { manifests } = await read(
      `{"kind": "List",\n  "items": [\n${[...pods, secret].join(",\n")}\n  ]\n}`,
      "it.json",
    );
    assert.deepEqual(
      manifests.map(({ name, place }) => [name, place.line]),
      [["wanted", 20_003]],
    );
  });

  it("says when a file is larger than that", async () => {
    const world = testWorld({ files: { "it.yaml": Buffer.alloc(65 << 20, 0x23) } });
    await assert.rejects(readManifests(["it.yaml"], world), /^Failure: it.yaml is larger than 64 MiB$/);
  });
});

describe("private keys that stand in no object", () => {
  const { keyPem } = anchor("a");
  const indented = keyPem.replace(/^/gm, "      ");

  it("are found in a chart's values, with their line", async () => {
    const { looseKeys } = await read(`identity:\n  issuer:\n    tls:\n      keyPEM: |\n${indented}`);
    assert.deepEqual(looseKeys, [{ what: "an EC private key", place: { file: "it.yaml", line: 5 } }]);
  });

  it("are found in what cannot be read", async () => {
    const { looseKeys } = await read(`{{ if x }}\na: |\n${indented}`);
    assert.equal(looseKeys[0]?.place.line, 3);
  });
});
