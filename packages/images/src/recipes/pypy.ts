import { upon } from "../recipe.ts";
import type { Recipe } from "../recipe.ts";
import { base, base13 } from "./base.ts";

const pypyOn = (below: Recipe, name: string, release: string): Recipe =>
  upon(below, {
    name,
    description: `PyPy 3 for Python ${release} with its standard library`,
    packages: ["pypy3"],
    buildBytes: 500e6,
    remove: [
      "usr/bin/pypy3{clean,compile,versions}*",
      "usr/lib/pypy3*/{idlelib,turtledemo,lib2to3,ensurepip}",
    ],
    probes: [
      {
        argv: ["pypy3", "-I", "-B", "-c", `import ${modules}; print(sys.version_info[:2])`],
        stdout: `(${release.replace(".", ", ")})\n`,
      },
    ],
  });

const modules =
  "bisect, bz2, collections, ctypes, dataclasses, datetime, decimal, fractions, functools, hashlib, heapq, itertools, json, lzma, math, random, re, sqlite3, statistics, string, sys, threading, typing, unittest, uuid, zlib";

/** The language `pypy`. */
export const pypy = pypyOn(base, "pypy", "3.9");

/** The language `pypy@3.11`. */
export const pypy311 = pypyOn(base13, "pypy-3.11", "3.11");
