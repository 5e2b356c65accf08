export * from "./stub.ts";
export type * from "./types.ts";
