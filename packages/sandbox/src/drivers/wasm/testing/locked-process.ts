import { Worker } from "node:worker_threads";

/** Starts a locked thread with the rights that the driver gives, and prints what it found open. */
const thread = new Worker(new URL("./locked-thread.ts", import.meta.url), { env: {} });
thread.on("message", (found: readonly string[]) => process.stdout.write(`${JSON.stringify(found)}\n`));
