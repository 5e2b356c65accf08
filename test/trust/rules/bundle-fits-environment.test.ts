// https://github.com/linkerd/linkerd2/blob/main/pkg/inject/inject.go: the whole bundle is one variable.
import rule from "../../../trust/rules/bundle-fits-environment.ts";
import { bundle } from "../../certificates/index.ts";
import { facts, root, unseen } from "../facts.ts";
import { testRule } from "./test-rule.ts";

const limit = 131_072;
const around = "LINKERD2_PROXY_IDENTITY_TRUST_ANCHORS=".length + "\n\0".length;

/** A bundle that takes exactly so many bytes: a comment before its certificate fills it up. */
function taking(bytes: number, filling = "x"): string {
  const certificate = bundle(root).trimEnd();
  const room = bytes - around - certificate.length - "\n".length;
  return `${filling.repeat(room / Buffer.byteLength(filling))}\n${certificate}`;
}

const tooLong = "the trust bundle takes more than the 131072 bytes that an environment variable may have";
const near = (limit * 3) / 4;

testRule(rule, {
  passes: {
    "one anchor": facts(),
    "three quarters of the limit, to the byte": facts({ bundle: taking(near) }),
    "white space around it does not count: the injector takes it off": facts({
      bundle: `${" ".repeat(limit)}${bundle(root)}`,
    }),
    "no ConfigMap": facts({ bundle: undefined }),
  },
  finds: {
    "one byte over three quarters": [
      facts({ bundle: taking(near + 1) }),
      {
        message: `the trust bundle takes ${near + 1} of the ${limit} bytes of an environment variable`,
        severity: "warn",
      },
    ],
    "the limit itself, to the byte": [
      facts({ bundle: taking(limit) }),
      {
        message: `the trust bundle takes ${limit} of the ${limit} bytes of an environment variable`,
        severity: "warn",
      },
    ],
    "one byte over the limit": [
      facts({ bundle: taking(limit + 1) }),
      { message: tooLong, detail: "it takes 131073" },
    ],
    "bytes count, not characters": [
      facts({ bundle: `${"é".repeat(limit / 2)}\n${bundle(root)}` }),
      { message: tooLong, detail: `it takes ${limit + 1 + bundle(root).trimEnd().length + around}` },
    ],
  },
  notAsked: {
    "where the ConfigMap cannot be read": facts({ bundle: unseen }),
  },
});
