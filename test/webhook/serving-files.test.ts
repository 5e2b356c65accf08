import assert from "node:assert/strict";
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createMetrics } from "../../webhook/metrics.ts";
import type { Credentials, ServingCertificate } from "../../webhook/serving/certificate.ts";
import { fromFiles } from "../../webhook/serving/files.ts";
import { mintAuthority, mintLeaf } from "../../webhook/serving/mint.ts";
import { eventually } from "../cluster/eventually.ts";
import { certificateConfig, clock, serviceHost, testLog } from "./fixtures.ts";
import { memoryApi } from "./memory-api.ts";

const minting = { now: clock(), lifetimeMs: 3_600_000 };

describe("a serving certificate from files", () => {
  let directory: string;
  let authority: Credentials;
  let certificate: ServingCertificate;
  let served: Credentials[];
  let lines: readonly string[];
  const api = memoryApi();
  const leaf = (name = serviceHost) => mintLeaf(authority, [name], minting);

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "serving-"));
    authority = await mintAuthority(minting);
    api.setBundle(authority.certificate);
    const { log, lines: written } = testLog();
    lines = written;
    served = [];
    const config = { ...certificateConfig, directory, mode: "files" as const };
    certificate = fromFiles({ config, api, clock, log, metrics: createMetrics([]) });
    certificate.onChange((credentials) => served.push(credentials));
  });
  afterEach(async () => {
    await certificate.stop();
    await rm(directory, { recursive: true });
  });

  /** As kubelet does it: a new folder, and ..data points to it from one moment to the next. */
  let version = 0;
  const mount = async ({ certificate: crt, key }: Credentials) => {
    const folder = `..v${++version}`;
    await mkdir(join(directory, folder));
    await writeFile(join(directory, folder, "tls.crt"), crt);
    await writeFile(join(directory, folder, "tls.key"), key);
    await symlink(folder, join(directory, "..tmp"));
    await rename(join(directory, "..tmp"), join(directory, "..data"));
  };

  it("is served from the first that is there, and changes with the mount", async () => {
    await certificate.start();
    assert.match(certificate.problems().join(), /no serving certificate yet: ENOENT/);
    const one = await leaf();
    await mount(one);
    await eventually("it is served", () => certificate.problems().length === 0);
    const two = await leaf();
    await mount(two);
    await eventually("the next is served", () => served.length === 2);
    assert.deepEqual(
      served.map(({ key }) => key),
      [one.key, two.key],
    );
  });

  it("is kept while the files do not go together, or hold something else", async () => {
    const one = await leaf();
    await mount(one);
    await certificate.start();
    const expired = await mintLeaf(authority, [serviceHost], { now: new Date(0), lifetimeMs: 1000 });
    for (const wrong of [
      { ...one, key: (await leaf()).key },
      { certificate: "x", key: one.key },
      { ...one, key: "" },
      expired,
    ]) {
      const before = lines.length;
      await mount(wrong);
      await eventually("it is said", () => lines.length > before);
    }
    await sleep(50);
    assert.deepEqual(certificate.problems(), []);
    assert.equal(served.length, 1);
    assert.match(lines.join(""), /the key is not the certificate's/);
  });

  it("is taken from plain files too, as a person puts them", async () => {
    const one = await leaf();
    await writeFile(join(directory, "tls.crt"), one.certificate);
    await certificate.start();
    await writeFile(join(directory, "tls.key"), one.key);
    await eventually("it is served", () => certificate.problems().length === 0);
  });

  it("is not ready for another name, or without a caBundle that verifies it", async () => {
    await mount(await leaf("elsewhere.svc"));
    await certificate.start();
    assert.match(certificate.problems().join(), /is not for linkerd-certs\.linkerd-certs\.svc/);
    await mount(await leaf());
    await eventually("it is served", () => certificate.problems().length === 0);
    api.setBundle((await mintAuthority(minting)).certificate);
    await eventually("it is not trusted", () =>
      /caBundle does not verify/.test(certificate.problems().join()),
    );
    api.setBundle(authority.certificate);
    await eventually("it is trusted", () => certificate.problems().length === 0);
  });
});
