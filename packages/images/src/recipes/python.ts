import { upon } from "../recipe.ts";
import { base } from "./base.ts";
import { compileLibrary, importsModules } from "./python-library.ts";

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
  finish: [compileLibrary("python3", "/usr/lib/python3.11")],
  probes: [importsModules("python3", "3.11")],
});
