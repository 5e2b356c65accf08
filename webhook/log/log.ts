import { pino } from "pino";
import type { LogLevel } from "../config.ts";
import { type Output, standardOutput } from "./output.ts";
import { redact, withoutPem } from "./redact.ts";

export type Fields = Readonly<Record<string, unknown>>;

/**
 * Structured log, one JSON object a line. Whatever is given to it, at any
 * level, no content of an object and no PEM comes out. It is narrower than
 * pino's own logger so that there is no way around that.
 */
export interface Log {
  trace(fields: Fields, message: string): void;
  debug(fields: Fields, message: string): void;
  info(fields: Fields, message: string): void;
  warn(fields: Fields, message: string): void;
  error(fields: Fields, message: string): void;
}

export interface LogOptions {
  readonly level: LogLevel;
  readonly clock: () => Date;
  readonly output?: Output;
}

/** A log to standard output, or to another output in tests. */
export function createLog({ level, clock, output = standardOutput() }: LogOptions): Log {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${clock().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => output.write(withoutPem(line)) },
  );
  const at =
    (name: keyof Log) =>
    (fields: Fields, message: string): void => {
      // A getter that throws, or a proxy, must not cost more than its own line.
      try {
        if (logger.isLevelEnabled(name)) logger[name](redact(fields), message);
      } catch {
        logger[name]({ unprintable: true }, message);
      }
    };
  return { trace: at("trace"), debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
