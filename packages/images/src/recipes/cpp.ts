import { upon } from "../recipe.ts";
import { base13 } from "./base.ts";
import { compileAndRun, gcc, gccTrimming } from "./gcc.ts";
import { precompiledHeader, precompiledHeaderProbe } from "./precompiled-header.ts";

/** Those of the catalogue's compile commands that a precompiled header depends on. */
const options = ["-O2", "-DONLINE_JUDGE"];
const standards = ["gnu++17", "gnu++20", "gnu++23"];

const anyOptions = {
  argv: compileAndRun("g++ -x c++ -O0 -g", '#include <iostream>\nint main() { std::cout << 42 << "\\n"; }'),
  stdout: "42\n",
};

/** GCC for C and C++, with static libraries: the languages `c` and `cpp` in their standards. */
export const cpp = upon(gcc, {
  name: "cpp",
  description: "GCC 12 for C and C++, and bash",
  packages: ["g++"],
  buildBytes: 1_000e6,
  finish: [["ln", "-sf", "g++", "/usr/bin/c++"], ...precompiledHeader(standards, options)],
  probes: [
    ...gcc.probes,
    anyOptions,
    ...standards.map((standard) => precompiledHeaderProbe(standard, [...options, "-static", "-s", "-pipe"])),
  ],
});

const standards14 = ["gnu++20", "gnu++23"];

/** The GCC of Debian 13. */
export const cpp14 = upon(base13, {
  name: "cpp-14",
  description: "GCC 14 for C and C++, and bash",
  packages: ["gcc", "g++", "libc6-dev"],
  buildBytes: 1_500e6,
  remove: gccTrimming,
  finish: [
    ...gcc.finish.slice(-1),
    ["ln", "-sf", "g++", "/usr/bin/c++"],
    ...precompiledHeader(standards14, options),
  ],
  probes: [
    ...gcc.probes,
    anyOptions,
    ...standards14.map((standard) =>
      precompiledHeaderProbe(standard, [...options, "-static", "-s", "-pipe"]),
    ),
  ],
});
