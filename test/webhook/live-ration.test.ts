// Whoever may make pods writes what they like into them: no namespace takes the guard's memory, nor another's place.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { MeshedProxy } from "../../trust/gather/proxy.ts";
import { bundleRation } from "../../webhook/live/bundle-ration.ts";

const minute = 60_000;
const longest = "x".repeat(120 * 1024);

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** Pods as they come, one after another, each kept under its name. */
function guard() {
  const kept = new Map<string, MeshedProxy>();
  let now = 0;
  const rationed = bundleRation({ kept: () => kept.values(), elapsed: () => now });
  return {
    wait(ms: number) {
      now += ms;
    },
    sees(namespace: string, name: string, bundle: string) {
      kept.set(`${namespace}/${name}`, rationed({ namespace, workload: `pod/${name}`, bundle }));
    },
    forget: () => kept.clear(),
    bundles: (namespace: string) =>
      [...kept.values()].flatMap((one) => (one.namespace === namespace && one.bundle ? [one.bundle] : [])),
  };
}

describe("bundles in the pods of one namespace", () => {
  test("are all kept where they are few, however many pods hold them", () => {
    const { sees, bundles } = guard();
    for (let n = 0; n < 3000; n++) sees("shop", `web-${n}`, `bundle ${n % 3}`);
    assert.equal(bundles("shop").length, 3000);
  });

  test("are kept up to a ration when each pod has another one, and another namespace loses nothing", () => {
    const { sees, bundles } = guard();
    for (let n = 0; n < 1000; n++) sees("tenant", `p-${n}`, `${n} ${longest}`);
    for (let n = 0; n < 1000; n++) sees("small", `p-${n}`, `short ${n}`);
    sees("shop", "web", "the mesh's");
    const length = bundles("tenant").reduce((sum, text) => sum + text.length, 0);
    assert.ok(length > 0 && length <= 2 * 256 * 1024, `${length} characters are kept`);
    assert.ok(bundles("small").length <= 64, `${bundles("small").length} bundles are kept`);
    assert.deepEqual(bundles("shop"), ["the mesh's"]);
  });

  test("stay within it while pods are made and made again", () => {
    const { sees, bundles, wait } = guard();
    for (let n = 0; n < 1000; n++) {
      sees("tenant", `p-${n % 100}`, `${n} ${longest}`);
      wait(1000);
    }
    assert.ok(bundles("tenant").join("").length <= 2 * 256 * 1024);
  });

  test("of namespaces that are gone cost nothing, and those that are there keep their ration", () => {
    const kept = new Map<string, MeshedProxy>();
    let now = 0;
    const rationed = bundleRation({ kept: () => kept.values(), elapsed: () => now });
    const see = (namespace: string, name: string, bundle: string) => {
      const proxy = rationed({ namespace, workload: `pod/${name}`, bundle });
      kept.set(`${namespace}/${name}`, proxy);
      return proxy;
    };
    for (let n = 0; n < 40; n++) see("tenant", `p-${n}`, `bundle ${n}`);
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let run = 0; run < 100_000; run++) {
      now += 1000;
      see(`run-${run}`, "job", `bundle of ${run}`);
      kept.delete(`run-${run}/job`);
    }
    collect();
    const grown = (process.memoryUsage().heapUsed - before) / 2 ** 20;
    assert.ok(grown < 10, `${grown.toFixed(1)} MiB more`);
    assert.equal(see("tenant", "another", "one more").bundle, "", "what was beyond the ration stays so");
  });

  test("make room when their pods are gone: a guard of a hundred rotations still sees each", () => {
    const { sees, bundles, wait, forget } = guard();
    for (let rotation = 0; rotation < 100; rotation++) {
      wait(2 * minute);
      forget();
      sees("shop", "web", `bundle ${rotation}`);
      assert.deepEqual(bundles("shop"), [`bundle ${rotation}`]);
    }
  });
});
