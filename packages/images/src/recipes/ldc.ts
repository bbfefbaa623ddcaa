import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** D by LLVM: the language `d-ldc`. */
export const ldc = upon(gcc, {
  name: "ldc",
  description: "LDC 1.30 for D, and bash",
  packages: ["ldc", "zlib1g-dev"],
  buildBytes: 600e6,
  remove: ["usr/lib/*/lib{phobos2,druntime}-ldc-*debug*", "usr/lib/*/lib{phobos2,druntime}-ldc-shared.so*"],
  probes: [
    {
      argv: [
        "sh",
        "-euc",
        `
cd /tmp
cat >main.d <<'end'
import std.algorithm, std.array, std.conv, std.range, std.regex, std.stdio;
void main() { writeln(iota(4).map!(n => n * n).array.sum * 3); }
end
ldc2 -O2 -static -defaultlib=phobos2-ldc,druntime-ldc,z -of=probe main.d
./probe
`,
      ],
      stdout: "42\n",
    },
  ],
});
