import { constants } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { PyodideAPI } from "pyodide";
import type { Seen, WorkReader } from "../work-reader.ts";
import type { WorkTree } from "../work-tree.ts";
import { limitDisk } from "./disk-limit.ts";
import type { Guest, GuestHost } from "./guest.ts";
import { pythonStart } from "./python-start.ts";

/** CPython in WebAssembly (Pyodide), with its standard library and nothing else. */
export async function openPython(host: GuestHost): Promise<Guest> {
  const { program, env, limits, tree } = host.task;
  // NODEFS, which nobody may mount, looks these numbers up when the machine is made.
  const node = process as unknown as { binding: unknown };
  node.binding = () => ({ fs: constants });
  const { loadPyodide } = await import("pyodide");
  const python = await loadPyodide({
    indexURL: dirname(fileURLToPath(import.meta.resolve("pyodide"))),
    jsglobals: Object.create(null) as object,
    env: { ...env },
    args: ["-B"],
    stdout: () => undefined,
    stderr: () => undefined,
  });
  delete node.binding;
  const memory = (python as unknown as { _module: { HEAPU8: Uint8Array } })._module;
  layDown(python.FS, tree);
  limitDisk(python.FS, limits);
  let given = 0;
  python.setStdin({
    read(buffer: Uint8Array) {
      const part = host.stdin.subarray(given, given + buffer.byteLength);
      buffer.set(part);
      given += part.byteLength;
      return part.byteLength;
    },
  });
  for (const [set, write] of [
    [python.setStdout.bind(python), host.stdout],
    [python.setStderr.bind(python), host.stderr],
  ] as const)
    set({
      write(bytes: Uint8Array) {
        write(bytes);
        return bytes.byteLength;
      },
    });
  const start = python.runPython(pythonStart) as (...values: unknown[]) => number;
  const { source, args, isolated } = program;
  const list = python.toPy([...args]) as unknown;
  return {
    reader: new PythonFiles(python.FS),
    memoryBytes: () => memory.HEAPU8.buffer.byteLength,
    isOutOfMemory: host.hitMemoryLimit,
    run() {
      const text = "text" in source ? source.text : undefined;
      const path = "path" in source ? source.path : "";
      return start(text, path, list, isolated);
    },
  };
}

type FileSystem = PyodideAPI["FS"];

function layDown(fs: FileSystem, tree: WorkTree): void {
  fs.mkdirTree("/w");
  for (const [path, entry] of tree) {
    const full = `/w/${path}`;
    if (entry.kind === "directory") fs.mkdir(full);
    else if (entry.kind === "link") fs.symlink(entry.target, full);
    else {
      fs.writeFile(full, entry.content);
      fs.chmod(full, entry.mode);
    }
  }
}

/** The work directory in Python's file system, after the program. */
class PythonFiles implements WorkReader {
  #fs: FileSystem;

  constructor(fs: FileSystem) {
    this.#fs = fs;
  }

  look(path: string): Seen | null {
    try {
      const { mode, size } = this.#fs.lstat(`/w/${path}`) as { mode: number; size: number };
      if (this.#fs.isFile(mode)) return { kind: "file", size, mode: mode & 0o777 };
      if (this.#fs.isDir(mode)) return { kind: "directory" };
      return { kind: this.#fs.isLink(mode) ? "link" : "other" };
    } catch {
      return null;
    }
  }

  list(path: string): string[] {
    const names = this.#fs.readdir(`/w/${path}`) as string[];
    return names.filter((name) => name !== "." && name !== "..");
  }

  read(path: string, maxBytes: number): Uint8Array {
    return (this.#fs.readFile(`/w/${path}`) as Uint8Array).slice(0, maxBytes);
  }
}
