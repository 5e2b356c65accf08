import type { Plugin } from "esbuild";

/**
 * Leaves out what the packages bring and the guard never calls, for it only costs memory: Express'
 * parsers for every charset, names of every media type and file server (the guard reads bodies
 * itself and answers JSON), pino's files and threads (the guard writes lines itself), and
 * prom-client's cluster, push gateway and quantiles.
 */
export const unused: Plugin = {
  name: "unused",
  setup(bundler) {
    const leaveOut = (path: string) => ({ path, namespace: "unused" });
    bundler.onResolve({ filter: packages }, ({ path }) => leaveOut(path));
    bundler.onResolve({ filter: files }, ({ path, importer }) =>
      /node_modules\/(pino|prom-client)\//.test(importer.replaceAll("\\", "/")) ? leaveOut(path) : undefined,
    );
    bundler.onLoad({ filter: /./, namespace: "unused" }, ({ path }) => ({
      contents: instead[path] ?? refusing(path),
    }));
  },
};

const packages =
  /^(body-parser|debug|mime-db|on-exit-leak-free|qs|send|serve-static|sonic-boom|worker_threads|@opentelemetry\/api)$/;
const files = /^\.\/(lib\/)?(cluster|pushgateway|summary|transport)$/;

/** What is asked something while it is loaded, or on the way. */
const instead: Readonly<Record<string, string>> = {
  debug: "module.exports = () => Object.assign(() => {}, { enabled: false });",
  "mime-db": "module.exports = {};",
  worker_threads: "exports.isMainThread = true;",
};

const refusing = (path: string) =>
  `module.exports = function () { throw new Error("${path} is left out of the bundle: webhook/unused.ts"); };`;
