import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** Nim, which compiles by way of C. */
export const nim = upon(gcc, {
  name: "nim",
  description: "Nim 1.6, and bash",
  packages: ["nim"],
  buildBytes: 200e6,
  remove: ["usr/bin/{nimble,nimgrep,nimpretty,nimsuggest,nim-gdb,testament,atlas}"],
  probes: [
    {
      argv: [
        "sh",
        "-euc",
        `
cd /tmp
cat >main.nim <<'end'
import std/[algorithm, json, math, net, os, sequtils, strutils, tables, threadpool]
let numbers = @[40, 2].sorted().mapIt(it.intToStr)
echo numbers.mapIt(it.parseInt).foldl(a + b)
end
nim compile -d:release --threads:on --hints:off --verbosity:0 --nimcache:/tmp/build --passL:-static -o:probe main.nim
./probe
`,
      ],
      stdout: "42\n",
    },
  ],
});
