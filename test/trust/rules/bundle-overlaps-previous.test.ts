import rule from "../../../trust/rules/bundle-overlaps-previous.ts";
import { after, anchor, second } from "../../certificates/index.ts";
import { called, change, emptyMesh, facts, root, unseen } from "../facts.ts";
import { testRule } from "./test-rule.ts";

const next = anchor("next");
const others = ["a", "b", "c", "d", "e"].map((name) => anchor(name));
const [a, b, c] = others.map(called);
const renewed = anchor("root.linkerd.cluster.local", { key: root.key, notAfter: after(1000 * second) });
const namesake = anchor("root.linkerd.cluster.local");
const ended = anchor("ended", { notAfter: after(-second) });
const endingNow = anchor("ending now", { notAfter: after(0) });
const drops = (names: string) => `the trust bundle drops every anchor it had: ${names}`;

testRule(rule, {
  passes: {
    "an anchor is added": change({}, { bundle: [root, next] }),
    "the old one goes after the overlap": change({ bundle: [root, next] }, { bundle: [next] }),
    "the anchor is renewed with the same key": change({}, { bundle: [renewed] }),
    "the old anchor had expired a second ago": change({ bundle: [ended] }, { bundle: [next] }),
    "the first bundle of all": change({ bundle: undefined }, { bundle: [root] }),
    "the bundle before could not be read": change({ bundle: "garbage" }, { bundle: [next] }),
    "there was no bundle but an empty one": change({ bundle: "" }, { bundle: [root] }),
    "nobody runs who could hold the old one": change({ mesh: [] }, { bundle: [next] }),
    "an expired anchor is kept, so pods can still tell one another": change(
      { bundle: [ended, root] },
      { bundle: [ended, next] },
    ),
  },
  finds: {
    "the whole bundle is swapped (linkerd2#8282)": [change({}, { bundle: [next] }), drops(called(root))],
    "the new anchor has the old one's name and another key": [
      change({}, { bundle: [namesake] }),
      drops(called(root)),
    ],
    "the old anchor lasts to this very second": [
      change({ bundle: [endingNow] }, { bundle: [next] }),
      drops(called(endingNow)),
    ],
    "only those anchors are named that were of use": [
      change({ bundle: [ended, root] }, { bundle: [next] }),
      drops(called(root)),
    ],
    "many are dropped": [
      change({ bundle: others }, { bundle: [next] }),
      drops(`${a}, ${b}, ${c} and 2 more`),
    ],
    "Linkerd runs, although no workload does yet": [
      change({ mesh: emptyMesh }, { bundle: [next] }),
      drops(called(root)),
    ],
    "nobody could look at the mesh": [change({ mesh: unseen }, { bundle: [next] }), drops(called(root))],
  },
  notAsked: {
    "of a state: there is no bundle to compare with": facts(),
    "where the new bundle cannot be read": change({}, { bundle: "garbage" }),
  },
});
