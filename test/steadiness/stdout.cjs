// Preloaded into a guard: its standard output is a full disk, or a pipe that nobody reads (any more).
const { execFileSync } = require("node:child_process");
const { closeSync, constants, openSync } = require("node:fs");

const { LINKERD_CERTS_TEST_STDOUT: kind, LINKERD_CERTS_TEST_PIPE: pipe } = process.env;
if (kind === "full") {
  closeSync(1);
  openSync("/dev/full", "w"); // the lowest free descriptor: 1
} else {
  execFileSync("mkfifo", [pipe]);
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  closeSync(1);
  openSync(pipe, "w");
  if (kind === "closed") closeSync(reader);
}
