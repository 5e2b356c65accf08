// https://github.com/linkerd/linkerd2/issues/5350: random 502s, where anchor and issuer had one subject.
import rule from "../../../trust/rules/issuer-name-differs-from-anchor.ts";
import { anchor, issuer } from "../../certificates/index.ts";
import { called, facts, root } from "../facts.ts";
import { testRule } from "./test-rule.ts";

const sameName = issuer(root, { name: "root.linkerd.cluster.local" });
const namesake = anchor("identity.linkerd.cluster.local");
const spareIssuer = issuer(root);
const both = anchor("identity.linkerd.");

testRule(rule, {
  passes: {
    "two names": facts(),
    "two anchors of one name, as in every rotation": facts({
      bundle: [root, anchor("root.linkerd.cluster.local")],
    }),
    "the issuer is the anchor": facts({ bundle: [both], issuer: both }),
  },
  finds: {
    "the issuer has its own anchor's name": [
      facts({ issuer: sameName }),
      `issuer ${called(sameName)} has the subject of anchor ${called(root)}`,
    ],
    "the issuer has the name of another anchor, which stands there twice": [
      facts({ bundle: [namesake, root, namesake], issuer: spareIssuer }),
      `issuer ${called(spareIssuer)} has the subject of anchor ${called(namesake)}`,
    ],
  },
  notAsked: {
    "where there is no issuer": facts({ issuer: undefined }),
    "where there is no bundle": facts({ bundle: undefined }),
  },
});
