/** As much of a logger (pino's order) as this room uses. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export const silent: Log = { info: () => {}, warn: () => {} };
