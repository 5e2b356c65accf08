import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A program that answers every line of JSON with one that carries the same `id`. */
export interface LineProcess<Answer> {
  /** One answer for each question, in the same order; the ids are given here. */
  ask(questions: readonly object[]): Promise<readonly Answer[]>;
  stop(): Promise<void>;
}

export function startLineProcess<Answer>(program: string): LineProcess<Answer> {
  const child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
  const waiting = new Map<number, { done(answer: Answer): void; failed(error: Error): void }>();
  let lastId = 0;
  let ended: string | undefined;
  const giveUp = (why: string) => {
    ended = `${program}: ${why}`;
    for (const { failed } of waiting.values()) failed(new Error(ended));
    waiting.clear();
  };
  child.on("error", (error) => giveUp(error.message));
  child.on("exit", (code, signal) => giveUp(`ended with ${code ?? signal}`));
  child.stdin.on("error", () => {}); // the exit says it better
  createInterface({ input: child.stdout }).on("line", (line) => {
    const answer = JSON.parse(line) as Answer & { id: number }; // our own program's output
    waiting.get(answer.id)?.done(answer);
    waiting.delete(answer.id);
  });

  return {
    async ask(questions) {
      if (ended !== undefined) throw new Error(ended);
      const numbered = questions.map((question) => ({ id: ++lastId, ...question }));
      const text = numbered.map((question) => `${JSON.stringify(question)}\n`).join("");
      const answers = numbered.map(
        ({ id }) => new Promise<Answer>((done, failed) => waiting.set(id, { done, failed })),
      );
      child.stdin.write(text);
      return Promise.all(answers);
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, "exit");
      child.kill();
      await exit;
    },
  };
}
