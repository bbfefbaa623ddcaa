/**
 * What a program of the wasm driver tries in order to get out; each is one expression or statement list
 * that must end with an exception. They start from what the standard modules of Pyodide would give, then
 * go around what was taken away.
 */
export const pythonAttacks: readonly string[] = [
  "import js",
  "import pyodide_js",
  "import pyodide.code; pyodide.code.run_js('1')",
  "import _pyodide_core",
  "from pyodide.ffi import to_js",
  "__import__('importlib').import_module('js').process",
  "import importlib.machinery, importlib.util; importlib.util.module_from_spec(importlib.machinery.BuiltinImporter.find_spec('_pyodide_core')).run_js",
  "import urllib.request; urllib.request.urlopen('http://127.0.0.1:1/')",
  "import socket; socket.create_connection(('127.0.0.1', 1), 2)",
  "import subprocess; subprocess.run(['/bin/true'])",
  "import os; os.fork()",
  "import os; os.execv('/bin/true', ['true'])",
  "import os; assert os.system('true') == 0",
  "import ctypes; ctypes.CDLL('/lib/x86_64-linux-gnu/libc.so.6')",
  "open('/etc/passwd').read()",
  "open('/proc/self/environ').read()",
  "import os; os.kill(1, 9)",
];

/**
 * A program that looks for every door to JavaScript that is left in Python's heap, and through each of
 * them for what would be a way out. It prints one line per way out.
 */
export const heapAttack = `
import gc, sys
seen = set()
doors = []
def look(thing, depth):
    if id(thing) in seen or depth > 6: return
    seen.add(id(thing))
    if type(thing).__module__.split(".")[0] in ("pyodide", "_pyodide_core") or "JsProxy" in type(thing).__name__:
        doors.append(thing)
frame = sys._getframe()
while frame is not None:
    for holder in (frame.f_globals, frame.f_locals):
        for value in list(holder.values()): look(value, 0)
    frame = frame.f_back
for thing in gc.get_objects(): look(thing, 0)
attempts = {
    "code": lambda door: door.constructor.constructor("return 1")(),
    "process": lambda door: door.constructor.constructor("return process")().pid,
    "global": lambda door: door.globalThis.process.pid,
    "kill": lambda door: door.process.kill,
    "import": lambda door: door.constructor.constructor("return import('node:fs')")(),
    "fetch": lambda door: door.fetch,
    "require": lambda door: door.require,
    "mount": lambda door: door.mountNodeFS("/out", "/"),
    "nodefs": lambda door: door.FS.mount(door.FS.filesystems.NODEFS, door.constructor.fromEntries([["root", "/"]]), "/tmp"),
    "eval": lambda door: door.eval("1"),
    "trace": lambda door: door.constructor.prepareStackTrace,
}
for door in doors:
    for name, attempt in attempts.items():
        try:
            got = attempt(door)
        except BaseException:
            continue
        if got is not None and str(got) != "undefined": print("out", name, str(got)[:80])
`;

/** The same for JavaScript: each must throw, or be undefined. */
export const javaScriptAttacks: readonly string[] = [
  "process",
  "require('fs')",
  "fetch",
  "WebAssembly",
  "Worker",
  "import('node:fs')",
  "import('fs').then((fs) => fs.readFileSync)",
  "(function () {}).constructor('return process')()",
  "Error.prepareStackTrace((() => {})(), 1)",
  "print.constructor('return process')()",
  "readline.constructor.constructor('return process')()",
  "readFile('/etc/passwd')",
  "readFile('../../../../etc/passwd')",
  "writeFile('../../../../tmp/out', 'x') ?? readFile('/tmp/out') === 'x' ? undefined : 1",
  "globalThis.constructor.constructor('return process')()",
  "Object.getPrototypeOf(async function () {}).constructor('return process')().then((p) => p.pid)",
  "new Proxy({}, { get: () => process }).x",
  "std",
  "os",
  "bjson",
];
