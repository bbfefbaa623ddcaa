import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { serialize } from "node:v8";
import { SandboxError } from "../../error.ts";
import { maxAnswerBytes, readAnswer } from "./answer.ts";
import type { WasmAnswer, WasmTask } from "./task.ts";

/** How long a machine may need to be made, and a process to answer after the wall limit, ms. */
const GRACE_MS = 120_000;

/** A root's process is nobody's: no wall of this driver is worth root's rights behind it. */
const ordinaryUser = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

const own = fileURLToPath(new URL("./process.ts", import.meta.url));

/** What a process has to read until its machine is made, and nothing after that. */
const readable = (): string[] => [
  fileURLToPath(new URL("../../../", import.meta.url)),
  fileURLToPath(new URL("./", import.meta.resolve("pyodide"))),
  fileURLToPath(new URL("../", import.meta.resolve("quickjs-wasi"))),
];

/**
 * One process for one run: no environment, no rights to files, network, processes or native code, and
 * no code from strings.
 *
 * @throws SandboxError `unavailable` when it ends without an answer, `protocol` when it answers wrongly
 */
export async function answerTo(task: WasmTask, signal: AbortSignal): Promise<WasmAnswer> {
  const child = spawn(
    process.execPath,
    [
      "--permission",
      "--allow-worker",
      ...readable().map((path) => `--allow-fs-read=${path}`),
      "--disable-warning=PERM0006",
      "--disable-warning=ExperimentalWarning",
      "--disallow-code-generation-from-strings",
      "--no-addons",
      own,
    ],
    { ...ordinaryUser, cwd: "/", env: {}, stdio: ["pipe", "pipe", "pipe"] },
  );
  const knife = setTimeout(() => child.kill("SIGKILL"), task.limits.wallMs + GRACE_MS);
  const cancel = (): void => void child.stdin.write("c");
  const whole = new AnswerBytes(maxAnswerBytes(task));
  const lastWords: string[] = [];
  // A process that is gone says so by its end.
  child.stdin.on("error", () => undefined);
  child.stdout.on("data", (chunk: Buffer) => {
    if (!whole.add(chunk)) child.kill("SIGKILL");
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (lastWords.push(text) > 8) lastWords.shift();
  });
  const closed = new Promise<void>((resolve, reject) => {
    child.once("error", (cause) =>
      reject(new SandboxError("unavailable", "Node can't be started", { cause })),
    );
    child.once("close", () => resolve());
  });
  try {
    const bytes = serialize(task);
    const header = Buffer.alloc(8);
    header.writeBigUInt64LE(BigInt(bytes.byteLength));
    child.stdin.write(header);
    child.stdin.write(bytes);
    signal.addEventListener("abort", cancel, { once: true });
    if (signal.aborted) cancel();
    await closed;
    const answer = whole.take();
    if (answer !== null) return readAnswer(answer, task);
    const why = lastWords.join("").trim().slice(-1000) || "without a word";
    throw new SandboxError("unavailable", `the wasm driver's process ended before it answered: ${why}`);
  } finally {
    clearTimeout(knife);
    signal.removeEventListener("abort", cancel);
  }
}

/** A u64 length and as many bytes. */
class AnswerBytes {
  #max: number;
  #chunks: Buffer[] = [];
  #length = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** False when it is more than an answer can be. */
  add(chunk: Buffer): boolean {
    this.#chunks.push(chunk);
    this.#length += chunk.byteLength;
    return this.#length <= this.#max;
  }

  take(): Uint8Array | null {
    const whole = Buffer.concat(this.#chunks);
    if (whole.byteLength < 8 || whole.byteLength > this.#max) return null;
    const length = Number(whole.readBigUInt64LE(0));
    return whole.byteLength === 8 + length ? whole.subarray(8) : null;
  }
}
