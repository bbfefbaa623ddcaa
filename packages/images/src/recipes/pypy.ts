import { upon } from "../recipe.ts";
import type { Recipe } from "../recipe.ts";
import { base, base13 } from "./base.ts";
import { packagingTools } from "./packaging.ts";
import { compileLibrary, importsModules } from "./python-library.ts";

const pypyOn = (below: Recipe, name: string, release: string): Recipe =>
  upon(below, {
    name,
    description: `PyPy 3 for Python ${release} with its standard library`,
    packages: ["pypy3"],
    buildBytes: 500e6,
    remove: [
      ...packagingTools,
      "usr/bin/pypy3{clean,compile,versions}*",
      "usr/include/pypy*",
      "usr/lib/pypy3*/{ensurepip,idlelib,lib2to3,msilib,pydoc_data,tkinter,turtledemo}",
    ],
    finish: [compileLibrary("pypy3", `/usr/lib/pypy${release}`)],
    probes: [importsModules("pypy3", release)],
  });

/** The language `pypy`. */
export const pypy = pypyOn(base, "pypy", "3.9");

/** The language `pypy@3.11`. */
export const pypy311 = pypyOn(base13, "pypy-3.11", "3.11");
