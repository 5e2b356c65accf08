// One POST of seven megabytes once kept the guard busy for over a minute.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openIssuerSecret } from "../../trust/gather/issuer-secret.ts";
import { openTrustRoots } from "../../trust/gather/trust-roots.ts";
import { defaultPolicy } from "../../trust/policy.ts";
import { rules } from "../../trust/rules/index.ts";
import { parseReview, type Review } from "../../webhook/review/review.ts";
import { reviewer } from "../../webhook/reviewer.ts";
import { base64 } from "../base64.ts";
import { assertLinear, hostile } from "../trust/x509/work.ts";
import { clock, review } from "./fixtures.ts";

const metadata = { name: "linkerd-identity-trust-roots", namespace: "linkerd" };
const issuerMetadata = { name: "linkerd-identity-issuer", namespace: "linkerd" };
const many = (count: number, name: (i: number) => string, value: (i: number) => string) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [name(i), value(i)]));

describe("an object larger than Kubernetes stores is refused before it is looked at", () => {
  const asked = (object: unknown, kind = "ConfigMap", place = "object") =>
    parseReview(
      Buffer.from(
        JSON.stringify(
          review({ kind: { group: "", version: "v1", kind }, object: { metadata }, [place]: object }),
        ),
      ),
    );
  const refused = (answer: ReturnType<typeof asked>): boolean => {
    if (!("malformed" in answer)) return false;
    assert.deepEqual([answer.malformed, answer.code], ["too_large", 413]);
    assert.match(
      answer.message,
      /^the (ConfigMap|Secret) is larger than Kubernetes stores: at most 1 MiB of data/,
    );
    return true;
  };
  const mebi = 2 ** 20;

  for (const [title, data, more] of [
    [
      "data",
      { data: { a: "x".repeat(mebi - 8), b: "x".repeat(8) } },
      { data: { a: "x".repeat(mebi), b: "x" } },
    ],
    ["data beyond ASCII", { data: { a: "é".repeat(mebi / 2) } }, { data: { a: `${"é".repeat(mebi / 2)}x` } }],
    [
      "binaryData",
      { binaryData: { a: base64("x".repeat(mebi)) } },
      { binaryData: { a: base64("x".repeat(mebi + 1)) } },
    ],
  ] as const) {
    test(`a mebibyte of ${title} passes, and a byte more does not`, () => {
      for (const place of ["object", "oldObject"]) {
        assert.equal(refused(asked({ metadata, ...data }, "ConfigMap", place)), false);
        assert.equal(refused(asked({ metadata, ...more }, "ConfigMap", place)), true);
      }
    });
  }

  test("a Secret's data counts as it is when decoded", () => {
    const data = (length: number) => ({ metadata, data: { "tls.crt": base64("x".repeat(length)) } });
    assert.equal(refused(asked(data(mebi), "Secret")), false);
    assert.equal(refused(asked(data(mebi + 1), "Secret")), true);
  });

  test("annotations, labels and names are bounded too", () => {
    const tiny = many(
      60_000,
      (i) => `example.org/${i}`,
      () => "x",
    );
    assert.equal(refused(asked({ metadata: { ...metadata, annotations: tiny } })), true);
    const long = many(
      15_000,
      (i) => `${i}`.padEnd(250, "x"),
      () => "",
    );
    assert.equal(refused(asked({ metadata, data: long })), true);
    assert.equal(refused(asked({ metadata: { ...metadata, labels: long } })), true);
  });
});

describe("four times the object is about four times the work for the whole gate", () => {
  const ask = reviewer(
    {
      rules,
      policy: defaultPolicy,
      namespace: "linkerd",
      clock,
      sight: {
        sources: () => ({ trustRoots: openTrustRoots(undefined), issuerSecret: openIssuerSecret(undefined) }),
        lost: () => [],
        meshUnseen: () => undefined,
        confirmPartner: async () => true,
      },
    },
    { denied: () => {}, breakGlass: () => {} },
  );
  const common = {
    uid: "x",
    operation: "CREATE",
    dryRun: false,
    namespace: "linkerd",
    username: "mallory",
  } as const;
  const roots = (object: object): Review => {
    return { ...common, kind: "ConfigMap", name: metadata.name, object: { metadata, ...object } };
  };
  const issuer = (data: Record<string, string>): Review => {
    return {
      ...common,
      kind: "Secret",
      name: issuerMetadata.name,
      object: { metadata: issuerMetadata, data },
    };
  };
  // Seven megabytes, as the limit for a body has it, although objects that large are refused before.
  const quarter = 1_750_000;

  for (const [title, make] of Object.entries(hostile)) {
    const own = (size: number, run: number) => `${run}\n${make(size)}`;
    test(`the bundle: ${title}`, () =>
      assertLinear((size, run) => ask(roots({ data: { "ca-bundle.crt": own(size, run) } })), quarter));
    test(`the issuer: ${title}`, () =>
      assertLinear((size, run) => {
        const text = base64(own(size / 2, run));
        return ask(issuer({ "tls.crt": text, "tls.key": text, "crt.pem": text, "key.pem": text }));
      }, quarter / 2));
  }

  const entries: Readonly<Record<string, (count: number, run: number) => object>> = {
    "100,000 tiny entries": (count, run) => ({
      data: many(
        count,
        (i) => `${run}-${i}`,
        (i) => `${i}`,
      ),
    }),
    "100,000 entries with a key": (count, run) => ({
      data: many(
        count,
        (i) => `${run}-${i}`,
        (i) => `BEGIN PRIVATE KEY ${i} ${run}`,
      ),
    }),
    "100,000 binary entries": (count, run) => ({
      binaryData: many(
        count,
        (i) => `${run}-${i}`,
        () => "MHcCAQEEIA==",
      ),
    }),
    "60,000 annotations": (count, run) => ({
      metadata: {
        ...metadata,
        annotations: many(
          0.6 * count,
          (i) => `example.org/${i}`,
          (i) => `a note, ${i} of ${run}`,
        ),
      },
    }),
    "labels without end": (count, run) => ({
      metadata: {
        ...metadata,
        labels: many(
          count,
          (i) => `example.org/${i}`,
          () => `${run}`,
        ),
      },
    }),
  };
  for (const [title, make] of Object.entries(entries)) {
    test(title, () => assertLinear((count, run) => ask(roots(make(count, run))), 25_000));
  }
});
