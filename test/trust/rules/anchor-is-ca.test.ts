import rule from "../../../trust/rules/anchor-is-ca.ts";
import { anchor } from "../../certificates/index.ts";
import { called, facts, root } from "../facts.ts";
import { testRule } from "./test-rule.ts";

const none = { keyUsage: false, subjectKeyId: false, authorityKeyId: false } as const;
const notCa = anchor("a server", { basicConstraints: { ca: false } });
const bare = anchor("bare", { basicConstraints: false });
const noSigning = anchor("no signing", { keyUsage: ["digitalSignature", "cRLSign"] });
const says = (why: string) => `is not a certificate authority: ${why}`;

testRule(rule, {
  passes: {
    "CA:TRUE and keyCertSign": facts(),
    "no keyUsage at all": facts({ bundle: [anchor("quiet", { keyUsage: false })] }),
    "version 1, which knows no extensions": facts({
      bundle: [anchor("old", { version: 1, basicConstraints: false, ...none })],
    }),
  },
  finds: {
    "CA:FALSE": [
      facts({ bundle: [root, notCa] }),
      `anchor ${called(notCa)} ${says("basicConstraints lacks CA:TRUE")}`,
    ],
    "no basicConstraints": [
      facts({ bundle: [bare] }),
      `anchor ${called(bare)} ${says("basicConstraints lacks CA:TRUE")}`,
    ],
    "a keyUsage without keyCertSign": [
      facts({ bundle: [noSigning, root] }),
      `anchor ${called(noSigning)} ${says("keyUsage lacks keyCertSign")}`,
    ],
    "the same one twice is one finding": [
      facts({ bundle: [noSigning, noSigning] }),
      `anchor ${called(noSigning)} ${says("keyUsage lacks keyCertSign")}`,
    ],
  },
  notAsked: {
    "where there is no bundle": facts({ bundle: undefined }),
  },
});
