import rule from "../../../trust/rules/bundle-is-tidy.ts";
import { anchor, bundle } from "../../certificates/index.ts";
import { facts, root } from "../facts.ts";
import { testRule } from "./test-rule.ts";

const both = bundle(root, anchor("other"));
const untidy = (what: string) => `the trust bundle is untidy: ${what}`;

testRule(rule, {
  passes: {
    "no newline at the end, as Helm's chart writes it": facts({ bundle: both.trimEnd() }),
    "plain PEM": facts({ bundle: both }),
    "one certificate": facts(),
  },
  finds: {
    "Windows line ends": [facts({ bundle: both.replaceAll("\n", "\r\n") }), untidy("lines end with CRLF")],
    "a comment between blocks": [
      facts({ bundle: `${bundle(root)}# next\n${bundle(root)}` }),
      untidy("there is text outside the PEM blocks"),
    ],
  },
  notAsked: {
    "where identity would refuse the text": facts({ bundle: `${both}\n` }),
    "where there is no ConfigMap": facts({ bundle: undefined }),
  },
});
