// npm run play: the gate answers a story of good and bad writes, with no cluster.
//   npm run play                     the story
//   npm run play -- review.json      one recorded AdmissionReview, against an empty cluster

import { readFileSync } from "node:fs";
import { defaultPolicy } from "../../trust/policy.ts";
import { rules } from "../../trust/rules/index.ts";
import { parseReview } from "../../webhook/review/review.ts";
import { reviewer } from "../../webhook/reviewer.ts";
import { sightOf } from "./sight.ts";
import { playStory } from "./story.ts";

const recorded = process.argv[2];
process.exitCode = recorded === undefined ? await playStory(process.stdout) : await playReview(recorded);

async function playReview(file: string): Promise<number> {
  const review = parseReview(readFileSync(file));
  if ("malformed" in review) {
    process.stderr.write(`${file} is no review: ${review.message}\n`);
    return 2;
  }
  const stage = { trustRoots: undefined, issuer: undefined, proxies: [], issuersSeen: [] };
  const gate = {
    rules,
    policy: defaultPolicy,
    namespace: review.namespace,
    sight: sightOf(stage),
    clock: () => new Date(),
  };
  const response = await reviewer(gate, { denied: () => {}, breakGlass: () => {} })(review);
  process.stdout.write(`${JSON.stringify(response, undefined, 2)}\n`);
  return response.allowed ? 0 : 1;
}
