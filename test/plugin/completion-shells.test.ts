// The completion scripts in the shells they are for: each is started, its keys are pressed, and what it offers is read.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, test } from "node:test";
import { binariesAvailable, findBinaries } from "../cluster/binaries.ts";
import { testWorld } from "./world.ts";

const source = join(import.meta.dirname, "..", "..", "plugin");
const contexts = [{ name: "kind-dev" }, { name: "arn:aws:eks:eu-west-1:1:cluster/prod" }];
const config = { contexts, users: [{ name: "jane" }, { name: "joe doe" }], clusters: [{ name: "kind" }] };

/** A folder with the plugin on PATH under each of its names, a kubeconfig, and a file to complete. */
function folder() {
  const world = testWorld({ files: { ".kube/config": JSON.stringify(config), "file-one.crt": "" } });
  const bin = world.path("bin");
  mkdirSync(bin);
  const run = `#!/bin/sh\nexec "${process.execPath}" "${join(source, "main.ts")}" "$@"\n`;
  for (const name of ["linkerd-certs", "kubectl-linkerd_certs"]) {
    writeFileSync(join(bin, name), run);
    chmodSync(join(bin, name), 0o755);
  }
  symlinkSync(join(source, "kubectl_complete-linkerd_certs"), join(bin, "kubectl_complete-linkerd_certs"));
  const env = {
    HOME: world.cwd,
    PATH: `${bin}${delimiter}${process.env["PATH"]}`,
    LC_ALL: "C.UTF-8",
    TERM: "dumb",
  };
  return { cwd: world.cwd, env, bin };
}

const has = (shell: string) => spawnSync(shell, ["--version"]).status === 0;
const needs = (shell: string) => !has(shell) && `needs ${shell}`;

async function script(shell: string): Promise<string> {
  return (await testWorld().run("completion", shell)).stdout;
}

/** What each shell has to offer for the same words: name, words typed, what is offered. */
const offers: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["commands", ["create", ""], ["anchor", "issuer", "leaf"]],
  ["flags", ["check", "--min"], ["--min-anchor-ttl", "--min-issuer-ttl"]],
  ["words of a flag", ["check", "--fail-on", "w"], ["warning"]],
  ["users, with a space", ["check", "--user", ""], ["jane", "joe doe"]],
  ["contexts, with colons", ["check", "--context", ""], ["arn:aws:eks:eu-west-1:1:cluster/prod", "kind-dev"]],
  ["contexts behind a sign", ["check", "--context=k"], ["--context=kind-dev"]],
  ["files", ["inspect", "file-"], ["file-one.crt"]],
];

describe("zsh", { skip: needs("zsh") || needs("python3") }, () => {
  for (const [what, words, offered] of offers) {
    test(`offers ${what}`, async () => {
      const { cwd, env } = folder();
      writeFileSync(join(cwd, "script"), await script("zsh"));
      const { stdout, stderr } = spawnSync(
        "python3",
        ["-c", typing, words.map(quoted).join(" "), JSON.stringify(offered)],
        {
          cwd,
          env,
          encoding: "utf8",
          timeout: 60_000,
        },
      );
      for (const one of offered) assert.ok(stdout.includes(one), `${one} is not offered: ${stdout}${stderr}`);
    });
  }
});

// zsh completes at a terminal only. Two tabs list what there is.
const typing = `
import json, os, pty, re, select, sys, time
words, offered = sys.argv[1], json.loads(sys.argv[2])
pid, fd = pty.fork()
if pid == 0: os.execvp("zsh", ["zsh", "-f", "-i"])
shown = ""
def until(marks, seconds):
    global shown
    end = time.time() + seconds
    while time.time() < end and not all(mark in shown for mark in marks):
        if not select.select([fd], [], [], 0.1)[0]: continue
        try: shown += os.read(fd, 65536).decode(errors="replace")
        except OSError: return
        shown = re.sub(r"\\x1b\\[[0-9;?]*[a-zA-Z]", "", shown).replace("\\\\ ", " ").replace("\\\\:", ":")
os.write(fd, b"PS1='rea''dy> '; autoload -Uz compinit; compinit -u -D; . ./script; setopt no_beep\\n")
until(["ready> "], 30)
shown = ""
os.write(fd, ("linkerd-certs " + words + "\\t").encode())
until(offered, 3)
os.write(fd, b"\\t")
until(offered, 40)
print(shown)
os.kill(pid, 9)
`;

describe("fish", { skip: needs("fish") }, () => {
  for (const [what, words, offered] of offers) {
    test(`offers ${what}`, async () => {
      const { cwd, env } = folder();
      writeFileSync(join(cwd, "script"), await script("fish"));
      const line = ["linkerd-certs", ...words.map(quoted)].join(" ");
      const driven = `source ./script; complete --do-complete ${quoted(line)}`;
      const { stdout, stderr } = spawnSync("fish", ["--no-config", "-c", driven], {
        cwd,
        env,
        encoding: "utf8",
      });
      const offer = stdout.split("\n").map((one) => one.split("\t")[0] ?? "");
      assert.deepEqual(offer.filter(Boolean).sort(), [...offered].sort(), stderr);
    });
  }
});

describe("PowerShell", { skip: needs("pwsh") }, () => {
  for (const [what, words, offered] of offers.slice(0, 6)) {
    test(`offers ${what}`, async () => {
      const { cwd, env } = folder();
      writeFileSync(join(cwd, "script.ps1"), await script("powershell"));
      const line = `linkerd-certs ${words.join(" ")}`;
      const driven = `. ./script.ps1; [System.Management.Automation.CommandCompletion]::CompleteInput('${line}', ${line.length}, $null).CompletionMatches.CompletionText`;
      const { stdout, stderr } = spawnSync("pwsh", ["-NoProfile", "-Command", driven], {
        cwd,
        env,
        encoding: "utf8",
      });
      assert.deepEqual(stdout.trim().split(/\r?\n/).sort(), [...offered].sort(), stderr);
    });
  }
});

describe("bash", { skip: needs("bash") }, () => {
  for (const [what, words, offered] of offers.slice(0, 4)) {
    test(`offers ${what}`, async () => {
      const { cwd, env } = folder();
      writeFileSync(join(cwd, "script"), await script("bash"));
      const typed = ["linkerd-certs", ...words].map((word) => quoted(word) || "''").join(" ");
      const driven = `. ./script; COMP_WORDS=(${typed}); COMP_CWORD=${words.length}; __linkerd_certs_complete
        printf '%s\\n' "\${COMPREPLY[@]}"`;
      const { stdout, stderr } = spawnSync("bash", ["--norc", "-c", driven], { cwd, env, encoding: "utf8" });
      // Written as it may stand in a line.
      const offer = stdout.replaceAll("\\ ", " ").trim().split("\n");
      assert.deepEqual(offer.sort(), [...offered].sort(), stderr);
    });
  }
});

describe("kubectl", { skip: binariesAvailable() === "missing-go" && "needs kubectl" }, () => {
  for (const [what, words, offered] of offers.slice(0, 6)) {
    test(`offers ${what}, by the plugin's own completion`, async () => {
      const { cwd, env } = folder();
      const { kubectl } = await findBinaries();
      const argv = ["__complete", "linkerd-certs", ...words];
      const { stdout, stderr } = spawnSync(kubectl, argv, { cwd, env, encoding: "utf8" });
      const lines = stdout.trim().split("\n");
      assert.match(lines.at(-1) ?? "", /^:\d+$/, stderr);
      const offer = lines.slice(0, -1).map((one) => one.split("\t")[0] ?? "");
      assert.deepEqual(offer.sort(), [...offered].sort(), stderr);
    });
  }
});

function quoted(word: string): string {
  return /^[\w=:/.-]+$/.test(word) ? word : word === "" ? "" : `'${word}'`;
}
