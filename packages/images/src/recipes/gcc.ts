import { upon } from "../recipe.ts";
import { base } from "./base.ts";

/** What a C compiler of GCC brings along and no compile command asks for (110 MB); both releases of it. */
export const gccTrimming = [
  "usr/share/gcc",
  // Link-time optimization, sanitizers, coverage and profilers.
  "usr/{lib,libexec}/gcc/*/*/{lto1,g++-mapper-server}",
  "usr/bin/*lto-dump*",
  "usr/bin/{*gcov*,*gprofng*,gp-*,*-gp-*,*-dwp,dwp,*gprof}",
  "usr/lib/gcc/*/*/lib{asan,lsan,tsan,ubsan,hwasan}*",
  "usr/lib/*/lib{asan,lsan,tsan,ubsan,hwasan,gprofng}*",
  "usr/lib/*/gprofng",
  "etc/gprofng.rc",
  "usr/bin/{*ld.gold,gold}",
  // What only the remote procedure calls of the 1980s and their Kerberos needed.
  "usr/bin/rpcgen",
  "usr/include/{rpcsvc,tirpc}",
  "usr/lib/*/lib{crypto,ssl,krb5*,k5crypto,gssapi*,tirpc*,nsl*,com_err,keyutils}.*",
  "usr/lib/*/{engines-*,ossl-modules,krb5}",
] as const;

/** A probe's command that compiles a source from standard input, and runs it. */
export const compileAndRun = (compiler: string, source: string): string[] => [
  "sh",
  "-c",
  `cd /tmp && printf '%s' '${source}' | ${compiler} -o probe - -lm && ./probe`,
];

/** GCC for C with static libraries: the assembler and linker of every language that compiles to machine code. */
export const gcc = upon(base, {
  name: "gcc",
  description: "GCC 12 for C, its assembler and linker, and bash",
  packages: ["gcc", "libc6-dev"],
  buildBytes: 700e6,
  remove: gccTrimming,
  finish: [["ln", "-sf", "gcc", "/usr/bin/cc"]],
  probes: [
    {
      argv: compileAndRun(
        "gcc -x c -std=gnu17 -O2 -static",
        '#include <math.h>\n#include <netdb.h>\n#include <pthread.h>\n#include <stdio.h>\nint main(int n, char **v) { printf("%.0f\\n", sqrt(n + 1763)); }',
      ),
      stdout: "42\n",
    },
  ],
});
