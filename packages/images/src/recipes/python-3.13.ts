import { upon } from "../recipe.ts";
import { base13 } from "./base.ts";
import { compileLibrary, importsModules } from "./python-library.ts";

/** CPython of Debian 13: the language `python@3.13`. */
export const python313 = upon(base13, {
  name: "python-3.13",
  description: "Python 3.13 with its standard library, and bash",
  packages: ["python3"],
  buildBytes: 400e6,
  remove: [
    "usr/share/{gcc,python3,pycentral-data,nano}",
    "usr/bin/{py3clean,py3compile,py3versions,pydoc3*,pygettext3*,pdb3*}",
    "usr/lib/python3*/{idlelib,turtledemo}",
    "usr/lib/python3*/sitecustomize.py",
    "etc/python3*",
  ],
  finish: [compileLibrary("python3", "/usr/lib/python3.13")],
  probes: [importsModules("python3", "3.13")],
});
