export * from "./limits.ts";
export * from "./outcome.ts";
export * from "./verdict.ts";
export * from "./job.ts";
export * from "./errors.ts";
