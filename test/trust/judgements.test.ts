// What the rules have in common: each of these is asked by several of them, so each is told once.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Facts } from "../../trust/facts.ts";
import {
  dependedOn,
  distinct,
  endsSoon,
  sameAnchor,
  signersOf,
  unused,
  works,
} from "../../trust/judgements.ts";
import { defaultPolicy } from "../../trust/policy.ts";
import { readBundle } from "../../trust/x509/index.ts";
import {
  after,
  anchor,
  bundle,
  day,
  issuer,
  keyPair,
  type Minted,
  now,
  second,
} from "../certificates/index.ts";
import { emptyMesh, facts, healthyIssuer, root, type State, unseen } from "./facts.ts";
import { issuerSecret } from "./objects.ts";
import { identityPod, pod } from "./pods.ts";

const read = (...minted: Minted[]) => readBundle(bundle(...minted)).anchors;
const one = (minted: Minted) => {
  const [certificate] = read(minted);
  assert.ok(certificate);
  return certificate;
};
const names = (certificates: readonly { readonly name: string }[]) => certificates.map(({ name }) => name);

describe("every certificate once", () => {
  const next = anchor("next root");

  test("in the order in which they first stand", () => {
    assert.deepEqual(names(distinct(read(next, root, next, root, root))), ["next root", root.name]);
    assert.deepEqual(distinct([]), []);
  });

  test("two of one name are two", () => {
    assert.equal(distinct(read(root, anchor(root.name))).length, 2);
  });
});

describe("the same anchor", () => {
  const same = (a: Minted, b: Minted) => sameAnchor(one(a), one(b));

  test("with new dates: a renewal", () => {
    assert.ok(same(root, anchor(root.name, { key: root.key, notAfter: after(9 * day) })));
  });
  test("not with a new key, nor under a new name", () => {
    assert.ok(!same(root, anchor(root.name)));
    assert.ok(!same(root, anchor("other name", { key: root.key })));
  });
});

describe("the signers of an issuer", () => {
  const signers = (state: State) => names(signersOf(facts(state).issuer));
  const renewed = anchor(root.name, { key: root.key, notAfter: after(9 * day) });

  test("are the anchors that its chains end in", () => {
    assert.deepEqual(signers({}), [root.name]);
    assert.deepEqual(signers({ bundle: [root, anchor("other"), renewed] }), [root.name, root.name]);
  });
  test("are those above its intermediates", () => {
    const middle = issuer(root, { name: "middle", basicConstraints: { ca: true } });
    assert.deepEqual(signers({ issuer: [issuer(middle), middle] }), [root.name]);
  });
  test("are none where it chains to nothing, where there is no bundle, and where there is no issuer", () => {
    assert.deepEqual(signers({ bundle: [anchor("other")] }), []);
    assert.deepEqual(signers({ bundle: undefined }), []);
    assert.deepEqual(signersOf(undefined), []);
  });
});

describe("an issuer works", () => {
  const working = (state: State) => works(facts(state).issuer, now);
  const withKey = (key: string) => issuerSecret(healthyIssuer, "kubernetes.io/tls", { "tls.key": key });

  test("in date, with its key, under an anchor", () => assert.ok(working({})));
  test("to its last second", () => {
    assert.ok(working({ issuer: issuer(root, { notAfter: now }) }));
    assert.ok(!working({ issuer: issuer(root, { notAfter: after(-second) }) }));
  });
  test("not with another's key, nor with none that can be read", () => {
    assert.ok(!working({ issuer: withKey(keyPair().pem) }));
    assert.ok(!working({ issuer: withKey("garbage") }));
  });
  test("not under an anchor that the bundle lacks", () => {
    assert.ok(!working({ bundle: [anchor("other")] }));
  });
  test("where no bundle says otherwise: one that is lost is no licence", () => {
    assert.ok(working({ bundle: undefined }));
  });
  test("not where there is none", () => assert.ok(!works(undefined, now)));
});

describe("a certificate ends soon", () => {
  const { thresholds } = defaultPolicy;
  const ends = (lifetime: number, left: number) =>
    endsSoon(
      one(anchor("x", { notBefore: after((left - lifetime) * second), notAfter: after(left * second) })),
      now,
      thresholds,
    );
  const days = day / second;

  test("when less than a fifth of its life is left", () => {
    assert.ok(!ends(10 * days, 2 * days));
    assert.ok(ends(10 * days, 2 * days - 1));
  });
  test("but not before the last sixty days", () => {
    assert.ok(!ends(3650 * days, 60 * days));
    assert.ok(ends(3650 * days, 60 * days - 1));
  });
  test("to its last second, and then it has ended", () => {
    assert.ok(ends(10 * days, 0));
    assert.ok(!ends(10 * days, -1));
  });
});

describe("who would lose anything", () => {
  const ask = (state: State) => {
    const seen: Facts = facts(state);
    return [dependedOn(seen), unused(seen.mesh)];
  };

  test("proxies of workloads", () => assert.deepEqual(ask({}), [true, false]));
  test("nobody depends on it while Linkerd alone runs, but it is in use", () => {
    assert.deepEqual(ask({ mesh: emptyMesh }), [false, false]);
  });
  test("nobody, where nothing runs", () => assert.deepEqual(ask({ mesh: [] }), [false, true]));
  test("nobody, where an identity crashes that nobody is meshed with", () => {
    assert.deepEqual(ask({ mesh: [identityPod({ crashing: "identity" })] }), [false, true]);
  });
  test("proxies that have outlived their identity", () => {
    assert.deepEqual(ask({ mesh: [pod({ bundle: [root] })] }), [true, false]);
  });
  test("whoever cannot be seen is not said to be nobody", () => {
    assert.deepEqual(ask({ mesh: unseen }), [false, false]);
  });
  test("nobody, where the namespace goes away", () => {
    assert.deepEqual(ask({ terminating: true }), [false, false]);
  });
});
