import { upon } from "../recipe.ts";
import { cpp } from "./cpp.ts";
import { python } from "./python.ts";

/** What `cpp` and `python` hold, in one root, for requests that name no image. */
export const exec = upon(cpp, {
  name: "exec",
  description: "GCC 12 for C and C++, Python 3.11 and bash, for assay exec-service",
  packages: python.packages,
  buildBytes: python.buildBytes,
  // Libraries that nothing in the image for C and C++ uses, and Python does.
  keep: cpp.remove.filter((pattern) => pattern.startsWith("usr/lib/*/lib{crypto,ssl,")),
  remove: python.remove,
  finish: python.finish.slice(-1),
  probes: [...cpp.probes, ...python.probes],
});
