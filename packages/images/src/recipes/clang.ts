import { upon } from "../recipe.ts";
import { compileAndRun, gcc } from "./gcc.ts";

/** Clang with GCC's C++ library: the languages `c-clang` and `cpp-clang` in their standards. */
export const clang = upon(gcc, {
  name: "clang",
  description: "Clang 16 for C and C++, and bash",
  packages: ["clang-16"],
  buildBytes: 1_200e6,
  // The compiler as a library for C, and an optimizer that has to be asked for.
  remove: ["usr/lib/*/libclang-16.so*", "usr/lib/llvm-16/lib/{LLVMPolly.so,libclang-16*}"],
  finish: [
    ["ln", "-sf", "clang-16", "/usr/bin/clang"],
    ["ln", "-sf", "clang++-16", "/usr/bin/clang++"],
  ],
  probes: [
    {
      argv: compileAndRun(
        "clang -x c -std=gnu17 -O2 -static",
        '#include <math.h>\n#include <pthread.h>\n#include <stdio.h>\nint main(int n, char **v) { printf("%.0f\\n", sqrt(n + 1763)); }',
      ),
      stdout: "42\n",
    },
    {
      argv: compileAndRun(
        "clang++ -x c++ -std=gnu++20 -O2 -static",
        '#include <bits/stdc++.h>\nint main() { std::map<std::string, int> m{{"a", 42}}; std::cout << m["a"] << std::endl; }',
      ),
      stdout: "42\n",
    },
  ],
});
