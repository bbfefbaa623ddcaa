import { upon } from "../recipe.ts";
import { base } from "./base.ts";

/** Modules that programs import and that need one of the libraries beside the interpreter. */
export const standardModules =
  "bisect, bz2, collections, ctypes, dataclasses, datetime, decimal, fractions, functools, hashlib, heapq, itertools, json, lzma, math, random, re, sqlite3, statistics, string, sys, threading, typing, unittest, uuid, zlib";

/** CPython with its standard library, and the shell: the languages `python` and `bash`. */
export const python = upon(base, {
  name: "python",
  description: "Python 3.11 with its standard library, and bash",
  packages: ["python3"],
  buildBytes: 400e6,
  remove: [
    "usr/share/{gcc,python3,pycentral-data,nano}",
    "usr/bin/{py3clean,py3compile,py3versions,pydoc3*,pygettext3*,pdb3*,2to3*}",
    "usr/lib/python3*/{idlelib,turtledemo,lib2to3}",
    "usr/lib/python3*/sitecustomize.py",
    "etc/python3*",
  ],
  // The box can't write to the image, so what is not compiled here is compiled at every start: that
  // costs 2.5 of 10 ms for an empty program. Unchecked: the sources can't change, so don't look at them.
  finish: [
    [
      "python3",
      "-I",
      "-m",
      "compileall",
      "-q",
      "-f",
      "--invalidation-mode",
      "unchecked-hash",
      "/usr/lib/python3.11",
    ],
  ],
  probes: [
    {
      argv: ["python3", "-I", "-B", "-c", `import ${standardModules}; print(sys.version_info[:2])`],
      stdout: "(3, 11)\n",
    },
  ],
});
