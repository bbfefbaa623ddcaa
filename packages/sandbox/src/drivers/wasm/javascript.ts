import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { EvalFlags, JSException, QuickJS } from "quickjs-wasi";
import type { JSValueHandle } from "quickjs-wasi";
import type { Guest, GuestHost } from "./guest.ts";
import { javascriptStart } from "./javascript-start.ts";
import { MemoryFiles } from "./memory-files.ts";

/** The most that QuickJS takes. */
const MAX_STACK_BYTES = 512 * 1024;

/** QuickJS in WebAssembly: the language, and the few functions that javascript-start.ts makes. */
export async function openJavaScript(host: GuestHost): Promise<Guest> {
  const { program, limits, tree } = host.task;
  const files = new MemoryFiles(tree);
  let exitCode: number | null = null;
  let fileBytes = 0;
  let isOutOfMemory = false;
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const machine = await QuickJS.create({
    wasm: readFileSync(fileURLToPath(import.meta.resolve("quickjs-wasi/quickjs.wasm"))),
    memoryLimit: limits.memoryBytes,
    maxStackSize: MAX_STACK_BYTES,
    timezoneOffset: 0,
    // The engine's own words, which nobody asked for.
    wasi: (() => ({ fd_write: () => 8 })) as never,
    // After exit() no line of the program is run any more.
    interruptHandler: () => exitCode !== null,
    moduleLoader: {
      normalize: (base: string, specifier: string) =>
        pathOf(specifier.startsWith(".") ? posix.join(posix.dirname(base), specifier) : specifier),
      load: (path: string) => {
        const content = files.file(path);
        if (content === null) throw new Error(`there is no file ${path}`);
        return decoder.decode(content);
      },
    },
  });
  const functions: Record<string, (...values: JSValueHandle[]) => JSValueHandle> = {
    write: (descriptor, text) => {
      if (exitCode === null && descriptor && text)
        (descriptor.toNumber() === 1 ? host.stdout : host.stderr)(encoder.encode(text.toString()));
      return machine.undefined;
    },
    readLine: () => {
      const line = nextLine();
      return line === null ? machine.null : machine.newString(line);
    },
    readFile: (path) => {
      const name = pathOf(path?.toString() ?? "");
      const content = files.file(name);
      if (content === null) throw new Error(`there is no file ${name}`);
      return machine.newString(decoder.decode(content));
    },
    writeFile: (path, text) => {
      const content = encoder.encode(text?.toString() ?? "");
      const name = pathOf(path?.toString() ?? "");
      const grown = fileBytes + content.byteLength - (files.file(name)?.byteLength ?? 0);
      if (content.byteLength > limits.fileBytes) throw new Error("the file size limit is reached");
      if (grown > limits.diskBytes) throw new Error("the disk limit is reached");
      files.write(name, content);
      fileBytes = Math.max(0, grown);
      return machine.undefined;
    },
    exit: (code) => {
      exitCode = code?.toNumber() ?? 0;
      throw new Error("exit");
    },
  };
  const context = machine.newObject();
  for (const [name, run] of Object.entries(functions)) context.setProp(name, machine.newFunction(name, run));
  context.setProp("args", machine.newString(program.args.map((argument) => `${argument}\0`).join("")));
  const start = machine.evalCode(javascriptStart, "<start>");
  machine.callFunction(start, machine.undefined, context);

  let given = 0;
  function nextLine(): string | null {
    if (given >= host.stdin.byteLength) return null;
    const end = host.stdin.indexOf(10, given);
    const line = host.stdin.subarray(given, end === -1 ? undefined : end);
    given = end === -1 ? host.stdin.byteLength : end + 1;
    return decoder.decode(line);
  }

  return {
    reader: files,
    memoryBytes: () => machine.getMemoryUsage().memoryUsedSize,
    isOutOfMemory: () => isOutOfMemory,
    async run() {
      const { source } = program;
      const path = "path" in source ? pathOf(source.path) : "<text>";
      const content = "path" in source ? files.file(path) : encoder.encode(source.text);
      if (content === null) {
        host.stderr(encoder.encode(`js: can't open file ${JSON.stringify(path)}\n`));
        return 2;
      }
      const failure = await evaluate(decoder.decode(content), path);
      if (exitCode !== null) return exitCode;
      if (failure === null) return 0;
      host.stderr(encoder.encode(`${failure}\n`));
      return 1;
    },
  };

  /** What went wrong, as text; null = nothing did. */
  async function evaluate(text: string, path: string): Promise<string | null> {
    try {
      const kind = path.endsWith(".mjs") ? EvalFlags.TYPE_MODULE : EvalFlags.ASYNC;
      const settled = machine.resolvePromise(machine.evalCode(text, path, kind));
      machine.executePendingJobs();
      // Nothing from outside can settle a promise: what is not settled when all jobs are done never will be.
      const result = await Promise.race([
        settled,
        new Promise<null>((resolve) => setImmediate(resolve, null)),
      ]);
      if (result === null) return "a promise at the top level never settles";
      return "error" in result ? described(result.error) : null;
    } catch (error) {
      if (!(error instanceof JSException)) throw error;
      isOutOfMemory = error.name === "InternalError" && error.message === "out of memory";
      return `${error.name}: ${error.message}\n${error.stack ?? ""}`;
    }
  }

  /** What a program threw and nobody caught. */
  function described(error: JSValueHandle): string {
    isOutOfMemory = error.isError && error.toString() === "InternalError: out of memory";
    const stack = error.isError ? `\n${error.getProp("stack").toString()}` : "";
    return `${error.toString()}${stack}`;
  }
}

/** A path of the work directory, whichever way it was written. */
const pathOf = (path: string): string => posix.join("/w", path).replace(/^\/w\/?/, "");
