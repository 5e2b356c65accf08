import { anchorsVariable } from "../gather/proxy.ts";
import { defineRule } from "../rule.ts";

/** The kernel's limit for one string of a process's environment, its ending zero included (MAX_ARG_STRLEN). */
const limit = 128 * 1024;

/** Near: three quarters of the limit. */
const near = (limit * 3) / 4;

// Injected proxies get the whole bundle as the value of one environment variable.
export default defineRule({
  id: "bundle-fits-environment",
  severity: "deny",
  summary: "the trust bundle fits into one environment variable",
  breaks: "No new proxy starts: the kernel refuses its environment.",
  remedy: "Take anchors out that nothing uses any more, and comments between them.",
  needs: ["trustRoots"],

  check({ trustRoots: { text } }) {
    const bytes = (text?.bytes ?? 0) + Buffer.byteLength(`${anchorsVariable}=\n\0`);
    // By how much is a detail: one anchor less is no new mistake.
    if (bytes > limit)
      return [
        {
          message: `the trust bundle takes more than the ${limit} bytes that an environment variable may have`,
          detail: `it takes ${bytes}`,
        },
      ];
    if (bytes <= near) return [];
    return [
      {
        message: `the trust bundle takes ${bytes} of the ${limit} bytes of an environment variable`,
        severity: "warn",
      },
    ];
  },
});
