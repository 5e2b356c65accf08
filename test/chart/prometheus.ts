import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually, Hopeless } from "../cluster/eventually.ts";
import { freePorts } from "../cluster/ports.ts";
import { household } from "../cluster/processes.ts";
import { findProgram } from "./programs.ts";

/** What Prometheus scrapes, each second; an entry of its own scrape_configs. */
export interface Job {
  readonly job_name: string;
  readonly scheme?: "https";
  readonly authorization?: { readonly credentials: string };
  readonly tls_config?: { readonly ca_file: string };
  readonly static_configs: readonly {
    readonly targets: readonly string[];
    readonly labels?: Readonly<Record<string, string>>;
  }[];
}

/** One line: its labels, and its values as [seconds since 1970, number as text]. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

export interface Prometheus {
  /** What a panel that shows one value asks. */
  instant(expr: string, at: Date): Promise<readonly Series[]>;
  /** What a panel that shows a line asks, a value for each second. */
  range(expr: string, from: Date, to: Date): Promise<readonly Series[]>;
  /** The values that a label has in some series. */
  labelValues(label: string, series: string): Promise<readonly string[]>;
  end(): Promise<void>;
}

/** A real Prometheus on loopback, built where it is not in the cache; gone, data and all, with this process. */
export async function startPrometheus(jobs: readonly Job[]): Promise<Prometheus> {
  const program = await findProgram("prometheus");
  const house = household();
  const [port = 0] = await freePorts(1);
  const config = { global: { scrape_interval: "1s", scrape_timeout: "1s" }, scrape_configs: jobs };
  writeFileSync(join(house.dir, "prometheus.yml"), JSON.stringify(config)); // JSON is YAML
  const server = house.start("prometheus", program, [
    "--config.file=prometheus.yml",
    "--storage.tsdb.path=data",
    `--web.listen-address=127.0.0.1:${port}`,
    "--log.level=warn",
  ]);
  const at = `http://127.0.0.1:${port}`;
  await eventually("Prometheus is ready", async () => {
    const ended = server.ended();
    if (ended !== undefined) throw new Hopeless(`Prometheus ${ended}:\n${server.tail()}`);
    return (await fetch(`${at}/-/ready`)).ok;
  });

  const ask = (path: string, words: Readonly<Record<string, string>>) =>
    answer(`${at}/api/v1/${path}?${new URLSearchParams(words)}`);
  return {
    async instant(query, time) {
      const { result } = (await ask("query", { query, time: stamp(time) })) as Vector;
      return result.map(({ metric, value }) => ({ metric, values: [value] }));
    },
    async range(query, from, to) {
      const span = { start: stamp(from), end: stamp(to), step: "1" };
      return ((await ask("query_range", { query, ...span })) as Matrix).result;
    },
    labelValues: async (label, series) =>
      (await ask(`label/${label}/values`, { "match[]": series })) as string[],
    end: () => house.end(),
  };
}

// What the API answers with, by Prometheus' own documentation.
interface Vector {
  readonly result: readonly { metric: Series["metric"]; value: readonly [number, string] }[];
}
interface Matrix {
  readonly result: readonly Series[];
}

async function answer(url: string): Promise<unknown> {
  const body = (await (await fetch(url)).json()) as {
    readonly data: unknown;
    readonly error?: string;
    readonly warnings?: readonly string[];
    readonly infos?: readonly string[];
  };
  const complaints = [body.error ?? [], body.warnings ?? [], body.infos ?? []].flat();
  if (complaints.length > 0) throw new Error(`Prometheus says: ${complaints.join("; ")}`);
  return body.data;
}

const stamp = (date: Date) => String(date.getTime() / 1000);
