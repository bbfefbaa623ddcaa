import * as childProcess from "node:child_process";
import * as fs from "node:fs";
import { connect } from "node:net";
import { parentPort, Worker } from "node:worker_threads";
import { lockDown } from "../lockdown.ts";

/**
 * A guest that has the thread's whole JavaScript, and even kept Node's modules from before: tells what
 * of all that still works after the lock.
 */
const own = process;
const madeOfText = "data:text/javascript,export default 1";
const attempts: Readonly<Record<string, () => unknown>> = {
  "signal another process": () => own.kill(own.pid, 0),
  "a built-in module": () => own.getBuiltinModule("node:fs"),
  "an internal binding": () => (own as unknown as { binding(name: string): unknown }).binding("fs"),
  "native code": () => {
    own.dlopen({ exports: {} }, "/lib/x86_64-linux-gnu/libc.so.6");
  },
  "import node": () => import("node:os"),
  "import data": () => import(madeOfText),
  "read a file": () => fs.readFileSync("/etc/passwd"),
  "read what the machine was made of": () => fs.readFileSync(new URL(import.meta.url)),
  "write a file": () => {
    fs.writeFileSync("/tmp/assay-locked-thread", "x");
  },
  "a process": () => childProcess.execFileSync("/bin/true"),
  "a thread without rules": () => new Worker("", { eval: true, execArgv: [] }),
  "a connection": () =>
    new Promise((resolve, reject) =>
      connect(9, "127.0.0.1")
        .on("connect", resolve)
        .on("error", (error: NodeJS.ErrnoException) => {
          if (error.code === "ERR_ACCESS_DENIED") reject(error);
          else resolve(error);
        }),
    ),
  "the global process": () => (globalThis as { process?: unknown }).process ?? refuse(),
  "the global fetch": () => (globalThis as { fetch?: unknown }).fetch ?? refuse(),
};

function refuse(): never {
  throw new Error("not there");
}

lockDown();
const open: string[] = [];
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    await attempt();
    open.push(name);
  } catch {
    continue;
  }
}
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort?.postMessage(open);
