import { upon } from "../recipe.ts";
import { probeOfD } from "./d.ts";
import { gcc } from "./gcc.ts";

/** D by LLVM: the language `d-ldc`. */
export const ldc = upon(gcc, {
  name: "ldc",
  description: "LDC 1.30 for D, and bash",
  packages: ["ldc", "zlib1g-dev"],
  buildBytes: 600e6,
  remove: ["usr/lib/*/lib{phobos2,druntime}-ldc-*debug*", "usr/lib/*/lib{phobos2,druntime}-ldc-shared.so*"],
  probes: [probeOfD("ldc2 -O2 -static -defaultlib=phobos2-ldc,druntime-ldc,z -of=probe main.d")],
});
