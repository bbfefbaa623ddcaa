import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

/** One interpreter of this driver, named as images are: by the digest of what it is made of. */
export interface WasmImage {
  readonly name: WasmImageName;
  /** SHA-256 over names and contents of the interpreter's files. */
  readonly digest: string;
}

export type WasmImageName = "wasm:python" | "wasm:javascript";

const beside = (specifier: string, names: readonly string[]): string[] =>
  names.map((name) => fileURLToPath(new URL(name, import.meta.resolve(specifier))));

/** What decides how a program behaves; the glue around it is of this version of Assay. */
const files: Readonly<Record<WasmImageName, () => readonly string[]>> = {
  "wasm:python": () => beside("pyodide", ["./pyodide.asm.wasm", "./pyodide.asm.mjs", "./python_stdlib.zip"]),
  "wasm:javascript": () => beside("quickjs-wasi/quickjs.wasm", ["./quickjs.wasm"]),
};

export const wasmImageNames = Object.keys(files) as readonly WasmImageName[];

const known = new Map<WasmImageName, string>();

/** Reads the interpreter's files at the first call. */
export function wasmImage(name: WasmImageName): WasmImage {
  const digest = known.get(name) ?? digestOf(files[name]());
  known.set(name, digest);
  return { name, digest };
}

function digestOf(paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths) {
    const content = readFileSync(path);
    hash.update(`${basename(path)}\0${content.byteLength}\0`).update(content);
  }
  return hash.digest("hex");
}

/** The image that a run names, by name or by digest; null when it is none of this driver. */
export function wasmImageOf(nameOrDigest: string): WasmImageName | null {
  return (
    wasmImageNames.find((name) => name === nameOrDigest) ??
    (/^[0-9a-f]{64}$/.test(nameOrDigest)
      ? (wasmImageNames.find((name) => wasmImage(name).digest === nameOrDigest) ?? null)
      : null)
  );
}
