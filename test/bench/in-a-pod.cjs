// Loaded before the guard, so that it finds its ServiceAccount where it would in
// a pod. By a kubeconfig it would load client-node as well, which no pod does.
// CommonJS and not TypeScript: the guard's memory is measured.
const fs = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");

const mount = "/var/run/secrets/kubernetes.io/serviceaccount";
const folder = process.env.BENCH_SERVICE_ACCOUNT;
const { existsSync, readFileSync } = fs;
const place = (path) =>
  typeof path === "string" && path.startsWith(mount) ? folder + path.slice(mount.length) : path;

fs.existsSync = (path) => existsSync(place(path));
fs.readFileSync = (path, options) => readFileSync(place(path), options);
syncBuiltinESMExports();
