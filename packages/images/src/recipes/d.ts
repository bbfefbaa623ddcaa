import { upon } from "../recipe.ts";
import type { Recipe } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** Compiles a program that uses much of D's library, by a command line that makes `probe` of `main.d`. */
export const probeOfD = (compile: string): Recipe["probes"][number] => ({
  argv: [
    "sh",
    "-euc",
    `
cd /tmp
cat >main.d <<'end'
import std.algorithm, std.array, std.conv, std.range, std.regex, std.stdio;
void main() { writeln(iota(4).map!(n => n * n).array.sum * 3); }
end
${compile}
./probe
`,
  ],
  stdout: "42\n",
});

/** D by GCC's back end. */
export const d = upon(gcc, {
  name: "d",
  description: "GDC 12 for D, and bash",
  packages: ["gdc"],
  buildBytes: 400e6,
  remove: ["usr/lib/*/libgphobos.so*"],
  probes: [probeOfD("gdc -O2 -static-libphobos -static-libgcc -s -o probe main.d")],
});
