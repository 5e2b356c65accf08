import rule from "../../../trust/rules/bundle-reads-whole.ts";
import { integer } from "../../certificates/der.ts";
import { extension } from "../../certificates/extensions.ts";
import { anchor, bundle, pemBlock } from "../../certificates/index.ts";
import { facts, root, unseen } from "../facts.ts";
import { testRule } from "./test-rule.ts";

const other = anchor("other");
const both = bundle(root, other);
const oddTimestamps = anchor("odd", { extensions: [extension("1.3.6.1.4.1.11129.2.4.2", integer(1))] });
const refused = (why: string, line?: number) => ({
  message: `identity would not start on the trust bundle: ${why}`,
  ...(line === undefined ? {} : { detail: `line ${line}` }),
});
const dropped = (line: number, what: string) => ({
  message: `identity would silently pass over part of the trust bundle: ${what}`,
  detail: `line ${line}`,
});
const skipped = "proxies would skip an anchor that they cannot read";

testRule(rule, {
  passes: {
    "two certificates": facts({ bundle: both }),
    "no newline at the end, as Helm writes it": facts({ bundle: both.trimEnd() }),
    "Windows line ends": facts({ bundle: both.replaceAll("\n", "\r\n") }),
    "comments before and between": facts({ bundle: `# old\n${bundle(root)}# new\n${bundle(other)}` }),
    "an empty bundle is for bundle-present to report": facts({ bundle: "" }),
    "a bundle that is not there": facts({ bundle: undefined }),
  },
  finds: {
    "a blank line after the last certificate (linkerd2#3880)": [
      facts({ bundle: `${both}\n` }),
      refused("not a PEM certificate: a blank line or spaces after the last certificate", 22),
    ],
    "a comment after the last certificate": [
      facts({ bundle: `${both}# end\n` }),
      refused("not a PEM certificate: text after the last certificate", 22),
    ],
    "two files joined without a newline": [
      facts({ bundle: bundle(root).trimEnd() + bundle(other) }),
      refused("not a PEM certificate: a CERTIFICATE block whose base64 is damaged", 1),
    ],
    "PEM that YAML has indented": [
      facts({ bundle: both.replaceAll(/^/gm, "  ") }),
      refused("not a PEM certificate: a CERTIFICATE block that is indented", 1),
    ],
    "a block that holds no certificate": [
      facts({ bundle: pemBlock("CERTIFICATE", Buffer.from("not DER")) + bundle(other) }),
      refused("a certificate is unreadable: malformed certificate", 1),
    ],
    "the same, further down": [
      facts({ bundle: bundle(other) + pemBlock("CERTIFICATE", Buffer.from("not DER")) }),
      refused("a certificate is unreadable: malformed certificate", bundle(other).split("\n").length),
    ],
    "a certificate after a key is lost without a word": [
      facts({ bundle: bundle(root) + root.keyPem + bundle(other) }),
      dropped(12, "an EC PRIVATE KEY block; neither it nor anything after it is read"),
    ],
    "a block whose base64 is broken": [
      facts({ bundle: bundle(root).replace("MII", "M!I") + bundle(other) }),
      dropped(1, "a CERTIFICATE block whose base64 is damaged"),
      "proxies would not start on the trust bundle: the base64 of a block is damaged",
    ],
    "two blocks whose base64 is broken, each for itself": [
      facts({ bundle: bundle(root).replace("MII", "M!I").repeat(2) + bundle(other) }),
      dropped(1, "a CERTIFICATE block whose base64 is damaged"),
      dropped(12, "a CERTIFICATE block whose base64 is damaged (place 2)"),
      "proxies would not start on the trust bundle: the base64 of a block is damaged",
    ],
    "a certificate without its END line": [
      facts({ bundle: bundle(root).replace(/-----END.*\n/, "") + bundle(other) }),
      dropped(1, "a CERTIFICATE block without its END line"),
      "proxies would not start on the trust bundle: no trust roots loaded",
      skipped,
    ],
    "a first block that is not a certificate": [
      facts({ bundle: pemBlock("TRUSTED CERTIFICATE", root.der) + bundle(root) }),
      refused("no certificates found"),
    ],
    "an anchor that Go reads and webpki does not": [
      facts({ bundle: [root, oddTimestamps] }),
      { message: skipped, detail: "1 in all" },
    ],
    "thousands of them: fifty are told": [
      facts({ bundle: bundle(root) + bundle(oddTimestamps).repeat(2000) }),
      ...[skipped, ...Array.from({ length: 49 }, (_, i) => `${skipped} (place ${i + 2})`)].sort(),
    ],
  },
  notAsked: {
    "where the ConfigMap cannot be read": facts({ bundle: unseen }),
  },
});
