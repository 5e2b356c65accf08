// The stand-in as a program: `node main.ts '{"clusters": [...], "settings": {...}}'`. It prints its control port as
// a line of JSON and lives until its standard input ends, so that it never outlives whoever started it.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { playLinkerd } from "./play-linkerd.ts";
import { sampling } from "./sampling.ts";
import { defaults, type Report, type Settings, type StandInCluster } from "./settings.ts";
import { startVerifier } from "./verify.ts";

const asked = JSON.parse(process.argv[2] ?? "{}") as {
  readonly clusters: readonly StandInCluster[];
  readonly settings: Partial<Settings>;
};
process.stdin.resume().on("end", () => process.exit(0));

let settings: Settings = { ...defaults, ...asked.settings };
const verifier = await startVerifier();
const samples = sampling(() => settings);
const missesUpdate = (): boolean => {
  if (settings.missedIssuerUpdates <= 0) return false;
  settings = { ...settings, missedIssuerUpdates: settings.missedIssuerUpdates - 1 };
  return true;
};
const played = asked.clusters.map((cluster) => ({
  name: cluster.name,
  linkerd: playLinkerd(cluster, verifier.verify, () => settings, missesUpdate, samples.population),
}));

const report = (): Report => ({
  handshakes: samples.report(),
  clusters: Object.fromEntries(played.map(({ name, linkerd }) => [name, linkerd.report()])),
});

const server = createServer(async (request, response) => {
  let text = "";
  for await (const part of request.setEncoding("utf8")) text += part;
  if (request.url === "/set") settings = { ...settings, ...(JSON.parse(text) as Partial<Settings>) };
  if (request.url === "/reset") samples.reset();
  response.setHeader("content-type", "application/json").end(JSON.stringify(report()));
}).listen(0, "127.0.0.1");
await once(server, "listening");
await Promise.all(played.map(({ linkerd }) => linkerd.ready));
const { port } = server.address() as AddressInfo; // an address, for it listens on TCP
process.stdout.write(`${JSON.stringify({ port })}\n`);
