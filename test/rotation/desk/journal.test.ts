import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openingText } from "../../../cluster/rotation/journal/journal.ts";
import {
  type Line,
  lineText,
  provenUse,
  readLines,
  stateOf,
} from "../../../cluster/rotation/journal/journal-line.ts";
import { type Opening, readPart, recordedIn } from "../../../cluster/rotation/journal/journal-object.ts";
import { journalsKept, outdated } from "../../../cluster/rotation/journal/journal-prune.ts";
import { readLeaseObject } from "../../../cluster/rotation/lease/lease-object.ts";
import { anchor } from "../../certificates/index.ts";

const at = "2026-06-01T12:00:00Z";
const line: Line = { at, who: "jane@laptop", cluster: "east", entry: "note" };
const opening: Opening = {
  apiVersion: "linkerd-certs.io/v1",
  kind: "Rotation",
  id: "20260601-120000-ab12",
  begun: { at, who: "jane@laptop", cluster: "east" },
  goal: {},
  options: {},
};

describe("a journal's line", () => {
  test("never holds a private key, whatever brought it there", () => {
    const { keyPem } = anchor("root");
    for (const spoiled of [
      { ...line, says: keyPem },
      { ...line, evidence: [Buffer.from(keyPem).toString("base64")] },
      { ...line, cluster: keyPem },
    ]) {
      const text = lineText(spoiled);
      assert.match(text, /withheld/);
      assert.doesNotMatch(text, /PRIVATE KEY|MIG/);
    }
  });

  test("is one line, whatever it says", () => {
    const text = lineText({ ...line, says: "one\ntwo" });
    assert.equal(text.split("\n").length, 1);
    assert.deepEqual(readLines(`${text}\n`), [{ ...line, says: "one two" }]);
  });

  test("moves, colours and hides nothing on a terminal, whoever wrote it", () => {
    const evil = "\u001b[2J\u001b]52;c;cm0gLXJm\u0007fine\u202e\u2028";
    const [read] = readLines(JSON.stringify({ ...line, who: evil, says: evil, evidence: [evil, 7] }));
    assert.doesNotMatch(JSON.stringify(read), /\\u001b|\\u0007|\u202e|\u2028/);
    assert.match(read?.says ?? "", /fine/);
    assert.equal(read?.evidence?.length, 1);
    const data = { "goal.json": JSON.stringify({ ...opening, begun: { ...opening.begun, who: evil } }) };
    const [recorded] = recordedIn([{ id: opening.id, name: "n", resourceVersion: "1", data }]);
    assert.doesNotMatch(JSON.stringify(recorded), /\\u001b/);
    const spec = { holderIdentity: evil };
    const metadata = {
      resourceVersion: "1",
      creationTimestamp: at,
      annotations: { "linkerd-certs.io/purpose": evil },
    };
    assert.doesNotMatch(JSON.stringify(readLeaseObject({ metadata, spec })), /\\u001b/);
  });

  test("that cannot be read does not hide the others", () => {
    const text = `${lineText(line)}\nnot JSON\n{"at":1}\nnull\n${lineText({ ...line, says: "two" })}\n`;
    assert.equal(readLines(text).length, 2);
  });
});

describe("a proof in a journal", () => {
  test("says once who recorded it, however often a run has gone on", () => {
    const proof = { ...line, entry: "proven", issuer: "ab".repeat(32), since: at } as const;
    const [first] = provenUse([{ ...proof, evidence: ["IssuerUpdated"] }]);
    assert.equal(first?.evidence, "IssuerUpdated (recorded by jane@laptop)");
    const [again] = provenUse([{ ...proof, who: "joe@server", evidence: [first.evidence] }]);
    assert.equal(again?.evidence, "IssuerUpdated (recorded by jane@laptop)");
  });
});

describe("a journal", () => {
  test("is no ConfigMap that only bears its label: that would be deleted with old ones", () => {
    const labelled = (name: string) => ({
      metadata: { name, resourceVersion: "1", labels: { "linkerd-certs.io/rotation": opening.id } },
    });
    assert.equal(readPart(labelled("linkerd-identity-trust-roots")), undefined);
    assert.equal(readPart(labelled(`linkerd-certs-rotation-${opening.id}-part2`))?.id, opening.id);
  });

  test("takes no goal that holds a private key", () => {
    assert.throws(() => openingText({ ...opening, goal: { key: anchor("root").keyPem } }), /private key/);
  });

  test("is unfinished until its rotation is done, aborted or taken back, and again when it is begun again", () => {
    const ended = (outcome: string): Line => ({ ...line, entry: "ended", outcome });
    assert.equal(stateOf([]), "unfinished");
    assert.equal(stateOf([ended("blocked"), ended("interrupted")]), "unfinished");
    assert.equal(stateOf([ended("aborted"), line]), "aborted");
    assert.equal(stateOf([ended("done"), { ...line, entry: "begun" }]), "unfinished");
  });

  test("comes after those that were begun before it, in the same second too", () => {
    const begunAt = (id: string, at: string) => {
      const text = openingText({ ...opening, id, begun: { ...opening.begun, at } });
      return { id, name: `linkerd-certs-rotation-${id}`, resourceVersion: "1", data: { "goal.json": text } };
    };
    const recorded = recordedIn([
      begunAt("20260601-120001-00aa", "2026-06-01T12:00:01.100Z"),
      begunAt("20260601-120000-00bb", "2026-06-01T12:00:00.900Z"),
      begunAt("20260601-120000-ffcc", "2026-06-01T12:00:00.100Z"),
    ]);
    assert.deepEqual(
      recorded.map(({ id }) => id.slice(-2)),
      ["cc", "bb", "aa"],
    );
  });

  test("whose goal somebody has removed or spoiled still shows its lines", () => {
    const part = { id: "a", name: "linkerd-certs-rotation-a", resourceVersion: "1" };
    for (const data of [
      {},
      { "goal.json": "null" },
      { "goal.json": "{" },
      { "goal.json": '{"kind":"Rotation"}' },
    ]) {
      const [one] = recordedIn([{ ...part, data: { ...data, "0001": lineText(line) } }]);
      assert.equal(one?.opening, undefined);
      assert.equal(one?.lines.length, 1);
    }
  });

  test("reads its lines by their number, whichever ConfigMap they stand in", () => {
    const part = (name: string, from: number, to: number) => ({
      id: "a",
      name,
      resourceVersion: "1",
      data: Object.fromEntries(
        Array.from({ length: to - from }, (_, i) => [
          String(from + i).padStart(4, "0"),
          lineText({ ...line, says: String(from + i) }),
        ]),
      ),
    });
    const [one] = recordedIn([part("a-part2", 9990, 10_010), part("a", 1, 9990)]);
    assert.deepEqual(
      one?.lines.map(({ says }) => Number(says)),
      Array.from({ length: 10_009 }, (_, i) => i + 1),
    );
  });

  test("of an anchor's last rotation stays, however many of the issuer's came after it", () => {
    const done = (id: string, kind: string) =>
      ({ id, state: "done", lines: [], parts: [id], opening: { ...opening, id, goal: { kind } } }) as const;
    const ofIssuer = Array.from({ length: journalsKept }, (_, n) => done(`${n}`, "issuer"));
    const old = outdated([done("first", "anchor"), done("last", "anchor"), done("a", "issuer"), ...ofIssuer]);
    assert.deepEqual(
      old.map(({ id }) => id),
      ["first", "a"],
    );
  });
});
