import type { Probe } from "../recipe.ts";

/** Modules that programs import and that need one of the libraries beside the interpreter. */
const modules =
  "bisect, bz2, collections, ctypes, dataclasses, datetime, decimal, fractions, functools, hashlib, heapq, itertools, json, lzma, math, random, re, sqlite3, statistics, string, sys, threading, typing, unittest, uuid, zlib";

/**
 * Compiles the standard library below a directory. The box can't write to the image, so what is not
 * compiled here is compiled at every start: that costs 2.5 of 10 ms for an empty program. Unchecked: the
 * sources can't change, so don't look at them.
 */
export const compileLibrary = (interpreter: string, directory: string): readonly string[] => [
  interpreter,
  "-I",
  "-m",
  "compileall",
  "-q",
  "-f",
  "--invalidation-mode",
  "unchecked-hash",
  directory,
];

/** @param release "3.11" */
export const importsModules = (interpreter: string, release: string): Probe => ({
  argv: [interpreter, "-I", "-B", "-c", `import ${modules}; print(sys.version_info[:2])`],
  stdout: `(${release.replace(".", ", ")})\n`,
});
