import { basename } from "node:path";
import { exitCodes } from "./exit-codes.ts";
import { hostOf } from "./host.ts";
import { fileFailure } from "./material/trouble.ts";
import { run } from "./run.ts";
import type { World } from "./world.ts";

const interrupt = new AbortController();
// Ctrl-C, or the end of a job: in good order, and the second does not wait for anything. A terminal that is closed says
// so several times.
process.on("SIGHUP", () => interrupt.abort());
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    interrupt.abort();
    process.once(signal, () => process.exit(exitCodes.interrupted));
  });
const moves = /^(rotate (anchor|issuer|rollback)|upgrade|recover expired)( |$)/;
const isMoving = moves.test(process.argv.slice(2, 4).join(" "));
if (isMoving) process.stderr.on("error", () => interrupt.abort());
// `kubectl linkerd-certs check | head` is no error of ours. A mesh is not half moved for that with a code that says
// it is done: what is under way is brought to its end, as after Ctrl-C.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (isMoving) return interrupt.abort();
  if (error.code === "EPIPE") process.exit(exitCodes.ok);
  const { message, hint } = fileFailure("write", "standard output", error);
  process.stderr.write(`linkerd-certs: error: ${message}\nlinkerd-certs: hint: ${hint}\n`);
  process.exit(exitCodes.failed);
});

const world: World = {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
  cwd: process.cwd(),
  clock: () => new Date(),
  async connect({ timeoutMs: _, ...choice }) {
    const { connect } = await import("../cluster/connect.ts");
    // A dozen small questions at once: opening a connection takes longer than waiting for one.
    return connect({ connections: 3, ...choice });
  },
  interrupted: interrupt.signal,
  host: hostOf(process.pid, isAlive),
  chance: Math.random,
  calledAs: calledAs(process.env["LINKERD_CERTS_CALLED_AS"] ?? process.argv[1] ?? ""),
};

// Not awaited here: the bundle is no ES module.
run(process.argv.slice(2), world).then((code) => {
  process.exitCode = code;
  // What still holds on then is not waited for: a proxy that never answers, for one.
  setInterval(() => {
    if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) process.exit();
  }, 1000).unref();
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

// By a link of another name it is linkerd's extension: linkerd-certs. kubectl runs kubectl-linkerd_certs;
// then what its user types is not the file's name.
function calledAs(program: string): string {
  const name = basename(program).replace(/\.(exe|[cm]?js|ts)$/, "");
  return name === "" || name === "main" || name.startsWith("kubectl-") ? "kubectl linkerd-certs" : name;
}
