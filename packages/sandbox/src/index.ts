export * from "./error.ts";
export * from "./spec.ts";
export { parseArtifactId } from "./wire.ts";
export { connectSandbox } from "./pool.ts";
export type { ConnectOptions } from "./pool.ts";
export { sandboxdPath, startSandboxd } from "./daemon.ts";
export type { Sandboxd, SandboxdOptions } from "./daemon.ts";
export { probe } from "./probe.ts";
export type { SandboxCheck, SandboxProbe } from "./probe.ts";
