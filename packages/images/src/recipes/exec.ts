import type { Recipe } from "../recipe.ts";
import { cpp } from "./cpp.ts";
import { python } from "./python.ts";

/** Libraries that nothing in the image for C and C++ uses, and Python does. */
const neededByPython = "usr/lib/*/lib{crypto,ssl,";

/** What `cpp` and `python` hold, in one root, for requests that name no image. */
export const exec: Recipe = {
  name: "exec",
  description: "GCC 12 for C and C++, Python 3.11 and bash, for assay exec-service",
  suite: cpp.suite,
  packages: [...new Set([...cpp.packages, ...python.packages])],
  buildBytes: cpp.buildBytes + python.buildBytes,
  remove: [
    ...new Set([...cpp.remove.filter((pattern) => !pattern.startsWith(neededByPython)), ...python.remove]),
  ],
  finish: [...cpp.finish, ...python.finish.slice(-1)],
  probes: [...cpp.probes, ...python.probes],
};
