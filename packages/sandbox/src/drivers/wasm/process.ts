import { deserialize, serialize } from "node:v8";
import { Worker } from "node:worker_threads";
import { isPastEnd, reportOf, sharedOutput } from "./shared-output.ts";
import type { SharedOutput } from "./shared-output.ts";
import type { GuestMessage, WasmAnswer, WasmStop, WasmTask } from "./task.ts";

/**
 * One run: a process that watches the thread in which the program runs. The task comes over standard
 * input, and its end means that the driver is gone; the answer goes over standard output, once.
 */

/** How often the guest is looked at, ms. */
const LOOK_MS = 10;

/** What the process may have beyond what the machine took before the program started and its limit. */
const SLACK_BYTES = 128 * 1024 * 1024;

const MiB = 1024 * 1024;

process.stdin.on("end", () => process.exit(1));
process.stdin.on("error", () => process.exit(1));
let received: Buffer = Buffer.alloc(0);
process.stdin.on("data", function take(chunk: Buffer) {
  received = received.byteLength === 0 ? chunk : Buffer.concat([received, chunk]);
  if (received.byteLength < 8) return;
  const length = Number(received.readBigUInt64LE(0));
  if (received.byteLength < 8 + length) return;
  process.stdin.off("data", take);
  const task = deserialize(received.subarray(8, 8 + length)) as WasmTask;
  const isWithdrawn = received.byteLength > 8 + length;
  received = Buffer.alloc(0);
  watch(task, isWithdrawn);
});

/** @param isWithdrawn whether what cancels a run came along with its task */
function watch(task: WasmTask, isWithdrawn: boolean): void {
  const { limits, streams } = task;
  const stdout = streams.stdout === null ? null : sharedOutput(streams.stdout);
  const stderr =
    streams.stderr === "same" ? stdout : streams.stderr === null ? null : sharedOutput(streams.stderr);
  let started: { cpu: NodeJS.CpuUsage; at: number; rss: number } | null = null;
  let isAnswered = false;

  const thread = new Worker(new URL("./guest-thread.ts", import.meta.url), {
    workerData: { task, stdout, stderr },
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: Math.ceil(limits.memoryBytes / MiB) + 64 },
  });
  const { permission } = process as unknown as { permission?: { drop(scope: string): void } };

  thread.on("message", (message: GuestMessage) => {
    if (message.type === "started") start(message.cpu);
    else {
      const { ending, memoryBytes, collected, kept } = message;
      answer({ stop: null, ending, memoryBytes, collected, kept }, message.cpu);
    }
  });
  thread.on("error", (error: NodeJS.ErrnoException) => {
    const isMemory = error.code === "ERR_WORKER_OUT_OF_MEMORY";
    if (isMemory && started !== null) stop("memory_limit");
    else stop("failed", `the machine could not be made: ${error.message}`);
  });
  thread.on("exit", () => stop("failed", "the guest's thread ended without a word"));
  process.stdin.on("data", () => stop("cancelled"));
  if (isWithdrawn) stop("cancelled");

  function start(cpu: NodeJS.CpuUsage): void {
    if (started !== null) return;
    // The machine is made: from here on this process makes no thread and reads no file either.
    permission?.drop("worker");
    permission?.drop("fs.read");
    started = { cpu, at: performance.now(), rss: process.memoryUsage.rss() };
    setTimeout(() => stop("wall_limit"), limits.wallMs);
    setInterval(look, LOOK_MS);
  }

  function look(): void {
    if (started === null) return;
    const { user, system } = process.cpuUsage(started.cpu);
    if ((user + system) / 1000 >= limits.cpuMs) return stop("cpu_limit");
    if (isOver(stdout) || isOver(stderr)) return stop("output_limit");
    if (process.memoryUsage.rss() - started.rss > limits.memoryBytes + SLACK_BYTES) stop("memory_limit");
  }

  function stop(reason: WasmStop, message: string | null = null): void {
    const memoryBytes = reason === "memory_limit" ? limits.memoryBytes : 0;
    const kept = null;
    answer({ stop: reason, ending: null, message, memoryBytes, collected: [], kept }, process.cpuUsage());
  }

  function answer(
    part: Pick<WasmAnswer, "stop" | "ending" | "memoryBytes" | "collected" | "kept"> & {
      message?: string | null;
    },
    cpu: NodeJS.CpuUsage,
  ): void {
    if (isAnswered) return;
    isAnswered = true;
    const isLate = part.stop === null && (isOver(stdout) || isOver(stderr));
    const whole: WasmAnswer = {
      message: null,
      ...part,
      stop: isLate ? "output_limit" : part.stop,
      cpuUserMs: started === null ? 0 : (cpu.user - started.cpu.user) / 1000,
      cpuSystemMs: started === null ? 0 : (cpu.system - started.cpu.system) / 1000,
      wallMs: started === null ? 0 : performance.now() - started.at,
      stdout: stdout && reportOf(stdout),
      stderr: stderr && reportOf(stderr),
    };
    const bytes = serialize(whole);
    const header = Buffer.alloc(8);
    header.writeBigUInt64LE(BigInt(bytes.byteLength));
    process.stdout.write(header);
    process.stdout.write(bytes, () => process.exit(0));
  }
}

const isOver = (output: SharedOutput | null): boolean => output !== null && isPastEnd(output);
