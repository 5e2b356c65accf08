// The peer's `judge` with our own core: reads all, checks each one's own signature,
// verifies an issuer under the last. A process of its own, on the servers' core.

import { readFileSync } from "node:fs";
import { inside } from "../../trust/x509/certificate.ts";
import { readBundle, verifyAsIdentity } from "../../trust/x509/index.ts";
import { isSignedBy } from "../../trust/x509/signature.ts";

interface Judging {
  readonly bundle: string;
  readonly issuer: string;
}

const asked = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as Judging[];
const milliseconds = asked.map((one) => {
  const started = performance.now();
  judge(one);
  return performance.now() - started;
});
process.stdout.write(JSON.stringify({ milliseconds }));

function judge({ bundle, issuer }: Judging): void {
  const { anchors } = readBundle(bundle);
  for (const anchor of anchors) {
    const own = inside(anchor);
    const { key } = own;
    const named = key && { fingerprint: anchor.keyFingerprint, key };
    if (!named || !isSignedBy(own, anchor.fingerprint, named))
      throw new Error(`${anchor.name} does not sign itself`);
  }
  const [certificate] = readBundle(issuer).anchors;
  if (certificate === undefined || anchors.length !== 100) throw new Error("not read whole");
  if (!verifyAsIdentity(certificate, [], anchors, new Date()).ok)
    throw new Error("the issuer does not verify");
}
