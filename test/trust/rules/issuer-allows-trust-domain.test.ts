// https://github.com/linkerd/linkerd2/issues/9299
import rule from "../../../trust/rules/issuer-allows-trust-domain.ts";
import { anchor, issuer, type Spoil } from "../../certificates/index.ts";
import { called, facts, root, unseen } from "../facts.ts";
import { linkerdConfig } from "../objects.ts";
import { testRule } from "./test-rule.ts";

const constrained = (nameConstraints: Spoil["nameConstraints"]) =>
  issuer(root, nameConstraints === undefined ? {} : { nameConstraints });
const own = constrained({ permitted: ["dns:cluster.local"] });
const elsewhere = constrained({ permitted: ["dns:example.org"] });
const excluded = constrained({ excluded: ["dns:cluster.local"] });
const usersOnly = constrained({ permitted: ["dns:default.serviceaccount.identity.linkerd.cluster.local"] });
const fenced = anchor("fenced", { nameConstraints: { permitted: ["dns:example.org"] } });
const underFenced = issuer(fenced);
const says = (one: typeof root) => `issuer ${called(one)} may not sign the identities of this mesh`;

testRule(rule, {
  passes: {
    "no constraint": facts(),
    "its own trust domain is permitted": facts({ issuer: own }),
    "the mesh's identities are permitted": facts({
      issuer: constrained({ permitted: ["dns:identity.linkerd.cluster.local"] }),
    }),
    "another domain is excluded": facts({ issuer: constrained({ excluded: ["dns:example.org"] }) }),
    "it chains to nothing, which is another matter": facts({ bundle: [anchor("other")], issuer: elsewhere }),
    "nothing tells the trust domain": facts({ mesh: [], config: unseen, issuer: elsewhere }),
    "Linkerd lives in a namespace of another name": facts({
      namespace: "mesh",
      mesh: [],
      issuer: constrained({ permitted: ["dns:identity.mesh.cluster.local"] }),
    }),
  },
  finds: {
    "another domain is permitted": [
      facts({ issuer: elsewhere }),
      {
        message: says(elsewhere),
        detail: /NameConstraintViolation/,
      },
    ],
    "its own is excluded": [facts({ issuer: excluded }), says(excluded)],
    "one namespace's identities are permitted, and Linkerd's own are not": [
      facts({ issuer: usersOnly }),
      says(usersOnly),
    ],
    "the anchor's constraint forbids them": [
      facts({ bundle: [fenced], issuer: underFenced }),
      says(underFenced),
    ],
    "linkerd-config names another trust domain": [
      facts({
        mesh: [],
        config: linkerdConfig({ identityTrustDomain: "east.example.org" }),
        issuer: own,
      }),
      says(own),
    ],
  },
  notAsked: {
    "where there is no issuer": facts({ issuer: undefined }),
    "where there is no bundle": facts({ bundle: undefined }),
  },
});
