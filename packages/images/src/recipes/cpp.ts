import { upon } from "../recipe.ts";
import { base } from "./base.ts";

const hello = (language: string, options: string, source: string): string =>
  `cd /tmp && printf '%s' '${source}' | ${language} ${options} -o probe - -lm && ./probe`;

/** GCC for C and C++, with static libraries: the languages `c` and `cpp`. */
export const cpp = upon(base, {
  name: "cpp",
  description: "GCC 12 for C and C++, and bash",
  packages: ["gcc", "g++", "libc6-dev"],
  buildBytes: 1_000e6,
  remove: [
    "usr/share/gcc",
    // Link-time optimization, sanitizers, coverage and profilers: no compile command asks for them (110 MB).
    "usr/lib/gcc/*/*/{lto1,g++-mapper-server}",
    "usr/bin/*lto-dump*",
    "usr/bin/{*gcov*,*gprofng*,gp-*,*-gp-*,*-dwp,dwp,*gprof}",
    "usr/lib/gcc/*/*/lib{asan,lsan,tsan,ubsan,hwasan}*",
    "usr/lib/*/lib{asan,lsan,tsan,ubsan,hwasan,gprofng}*",
    "usr/lib/*/gprofng",
    "etc/gprofng.rc",
    "usr/bin/{*ld.gold,gold}",
    // What only the remote procedure calls of the 1980s and their Kerberos needed.
    "usr/bin/rpcgen",
    "usr/include/{rpc,rpcsvc,tirpc}",
    "usr/lib/*/lib{crypto,ssl,krb5*,k5crypto,gssapi*,tirpc*,nsl*,com_err,keyutils}.*",
    "usr/lib/*/{engines-*,ossl-modules,krb5}",
  ],
  finish: [
    ["ln", "-sf", "gcc", "/usr/bin/cc"],
    ["ln", "-sf", "g++", "/usr/bin/c++"],
  ],
  probes: [
    {
      argv: [
        "sh",
        "-c",
        hello(
          "gcc -x c -std=gnu17",
          "-O2 -static",
          '#include <math.h>\n#include <pthread.h>\n#include <stdio.h>\nint main(int n, char **v) { printf("%.0f\\n", sqrt(n + 1763)); }',
        ),
      ],
      stdout: "42\n",
    },
    {
      argv: [
        "sh",
        "-c",
        hello(
          "g++ -x c++ -std=gnu++20",
          "-O2 -static",
          '#include <bits/stdc++.h>\nint main() { std::map<std::string, int> m{{"a", 42}}; std::cout << m["a"] << std::endl; }',
        ),
      ],
      stdout: "42\n",
    },
    {
      argv: [
        "sh",
        "-c",
        hello("g++ -x c++", "-O0 -g", '#include <iostream>\nint main() { std::cout << 42 << "\\n"; }'),
      ],
      stdout: "42\n",
    },
  ],
});
