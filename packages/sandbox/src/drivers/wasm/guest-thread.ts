import { parentPort, workerData } from "node:worker_threads";
import { collectFiles, keepTree } from "../work-reader.ts";
import type { Guest, GuestHost } from "./guest.ts";
import { lockDown } from "./lockdown.ts";
import { limitMemory } from "./memory-limit.ts";
import { append } from "./shared-output.ts";
import type { SharedOutput } from "./shared-output.ts";
import type { GuestEnding, GuestMessage, WasmTask } from "./task.ts";

/**
 * The thread in which a program runs: makes the machine for its language, locks the thread down, runs
 * the program, and tells its end with the files that are wanted. What it says is said by whoever the
 * program may have become: it can only be a lie about the program itself.
 */
const { task, stdout, stderr } = workerData as {
  task: WasmTask;
  stdout: SharedOutput | null;
  stderr: SharedOutput | null;
};

// The rule means windows of browsers.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
const say = (message: GuestMessage): void => parentPort?.postMessage(message);
const host: GuestHost = {
  hitMemoryLimit: limitMemory(task.limits.memoryBytes),
  task,
  stdin: task.streams.stdin ?? new Uint8Array(),
  stdout: (bytes) => stdout && append(stdout, bytes),
  stderr: (bytes) => stderr && append(stderr, bytes),
};

const cpuUsage = process.cpuUsage.bind(process);

async function open(): Promise<Guest> {
  const language = task.program.language;
  if (language === "python") return (await import("./python.ts")).openPython(host);
  return (await import("./javascript.ts")).openJavaScript(host);
}

async function run(guest: Guest): Promise<GuestEnding> {
  try {
    return { how: "exited", exitCode: await guest.run(), outOfMemory: guest.isOutOfMemory() };
  } catch (error) {
    const { status, message } = error as { status?: unknown; message?: unknown };
    // Python's os._exit() ends the machine, which is told like a failure of it.
    if (typeof status === "number") return { how: "exited", exitCode: status & 255, outOfMemory: false };
    return { how: "trap", message: String(message), outOfMemory: guest.isOutOfMemory() };
  }
}

const guest = await open();
lockDown();
say({ type: "started", cpu: cpuUsage() });
const ending = await run(guest);
const cpu = cpuUsage();
const { keep, collect } = task;
const isKept = keep !== null && ending.how === "exited" && ending.exitCode === 0;
say({
  type: "ended",
  ending,
  cpu,
  memoryBytes: guest.memoryBytes(),
  collected: collect === null ? [] : collectFiles(guest.reader, collect),
  kept: isKept ? keepTree(guest.reader, keep.maxBytes) : null,
});
