// At a real terminal (Python's pty): what is typed is hidden, and Ctrl-C gives the terminal back.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { testWorld } from "../world.ts";

const program = join(import.meta.dirname, "..", "..", "..", "plugin", "main.ts");
const skip = spawnSync("python3", ["-c", "import pty"]).status !== 0 && "needs python3 for a terminal";

// Waits for each prompt, then types; says how it ended, whether the terminal echoes again, and what it showed.
const driver = `
import json, os, pty, select, sys, termios, time
typed, argv = json.loads(sys.argv[1]), sys.argv[2:]
pid, fd = pty.fork()
if pid == 0: os.execv(argv[0], argv)
shown = b""
def read(until):
    global shown
    end = time.time() + 30
    while time.time() < end and until not in shown:
        if not select.select([fd], [], [], 1)[0]: continue
        try: shown += os.read(fd, 65536)
        except OSError: return
for prompt, keys in typed:
    read(prompt.encode())
    os.write(fd, keys.encode())
echo = None
while True:
    done, status = os.waitpid(pid, os.WNOHANG)
    # Once more when it has ended: it gives the terminal back at its very end.
    try: echo = bool(termios.tcgetattr(fd)[3] & termios.ECHO)
    except termios.error: pass
    if done: break
    if select.select([fd], [], [], 0.05)[0]:
        try: shown += os.read(fd, 65536)
        except OSError: pass
read(b"never")
print(json.dumps({"code": os.waitstatus_to_exitcode(status), "echo": echo, "shown": shown.decode()}))
`;

function atTerminal(typed: readonly (readonly [string, string])[], cwd: string, ...words: readonly string[]) {
  const argv = ["-c", driver, JSON.stringify(typed), process.execPath, program, ...words];
  const { stdout, stderr } = spawnSync("python3", argv, { cwd, encoding: "utf8", timeout: 90_000 });
  assert.notEqual(stdout, "", stderr);
  return JSON.parse(stdout) as { readonly code: number; readonly echo: boolean; readonly shown: string };
}

describe("at a terminal", { skip }, () => {
  test("Ctrl-C instead of a passphrase ends it as interrupted, and nothing is written", () => {
    for (const typed of [[["assphrase", "\u0003"]], [["assphrase", "half\u0003"]]] as const) {
      const { cwd } = testWorld();
      const { code, echo, shown } = atTerminal(typed, cwd, "create", "anchor", "--encrypt");
      assert.equal(code, 130, shown);
      assert.equal(echo, true, "the terminal does not echo");
      assert.match(shown, /linkerd-certs: error: interrupted\r\n$/);
      assert.doesNotMatch(shown, /half|\n\s+at /);
      assert.ok(!existsSync(join(cwd, "ca.key")));
    }
  });

  test("a passphrase is typed twice, and shown never", () => {
    const { cwd } = testWorld();
    const typed = [
      ["assphrase", "secret word\r"],
      ["once more", "secret word\r"],
    ] as const;
    const { code, echo, shown } = atTerminal(typed, cwd, "create", "anchor", "--encrypt");
    assert.equal(code, 0, shown);
    assert.equal(echo, true);
    assert.doesNotMatch(shown, /secret/);
    assert.match(readFileSync(join(cwd, "ca.key"), "utf8"), /BEGIN ENCRYPTED PRIVATE KEY/);
  });
});
