import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** Crystal with its standard library, numbers of any size among it. */
export const crystal = upon(gcc, {
  name: "crystal",
  description: "Crystal 1.6, and bash",
  packages: ["crystal", "libgmp-dev"],
  buildBytes: 800e6,
  remove: ["usr/bin/shards", "usr/share/{bash-completion,zsh}"],
  probes: [
    {
      argv: [
        "sh",
        "-euc",
        `
cd /tmp
cat >main.cr <<'end'
require "big"
require "json"
require "set"
numbers = Array(Int32).from_json("[40, 2]").to_set
puts BigInt.new("42") if numbers.sum == 42 && "a42" =~ /^a(\\d+)$/
end
CRYSTAL_CACHE_DIR=/tmp/crystal crystal build --static --link-flags=-Wl,--no-warnings -o probe main.cr
./probe
`,
      ],
      stdout: "42\n",
    },
  ],
});
