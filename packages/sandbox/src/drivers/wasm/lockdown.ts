import { registerHooks } from "node:module";

/** What a process can do to others, to itself, or tell of the computer. Node needs none of it by name. */
const removedFromProcess =
  "_debugEnd _debugProcess _getActiveHandles _getActiveRequests _kill _linkedBinding _rawDebug _startProfilerIdleNotifier _stopProfilerIdleNotifier abort argv argv0 binding chdir config cwd dlopen execArgv execPath execve exit finalization getBuiltinModule getActiveResourcesInfo initgroups kill loadEnvFile mainModule moduleLoadList openStdin permission pid ppid reallyExit report setegid seteuid setgid setgroups setuid setSourceMapsEnabled umask setUncaughtExceptionCaptureCallback addUncaughtExceptionCaptureCallback threadCpuUsage".split(
    " ",
  );

/** Globals of Node that reach out of the thread, or make code out of bytes. */
const removedGlobals =
  "BroadcastChannel EventSource MessageChannel MessagePort WebSocket Worker Storage fetch global localStorage navigator sessionStorage process".split(
    " ",
  );

/**
 * Takes from this thread what a guest that reached its JavaScript could use: no code is loaded any
 * more, from anywhere; no file is read and no thread made; the process object can't signal others.
 *
 * Making code out of strings is off in the whole process already. This is the wall behind that of the
 * WebAssembly machine, not the first.
 */
export function lockDown(): void {
  registerHooks({ resolve: refuse, load: refuse });
  const { permission } = process as unknown as { permission: { drop(scope: string): void } };
  permission.drop("worker");
  permission.drop("fs.read");
  for (const name of removedFromProcess) remove(process, name);
  for (const name of removedGlobals) remove(globalThis, name);
}

/** Without a look at it first: a look would load what Node loads lazily. */
function remove(holder: object, name: string): void {
  if (!Reflect.deleteProperty(holder, name)) Reflect.set(holder, name, undefined);
}

function refuse(): never {
  throw new Error("nothing is imported here");
}
