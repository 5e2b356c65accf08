import { defineRule } from "../rule.ts";

export default defineRule({
  id: "bundle-is-tidy",
  severity: "warn",
  summary: "the trust bundle is plain PEM",
  breaks:
    "Nothing yet, but `linkerd check` compares text, and the next careless edit may end the bundle early.",
  remedy: "Write the blocks alone, with Unix line ends.",
  needs: ["trustRoots", "bundle"],

  check({ trustRoots: { reading } }) {
    return (reading?.untidy ?? []).map((what) => `the trust bundle is untidy: ${what}`);
  },
});
