import { upon } from "../recipe.ts";
import { base } from "./base.ts";

/** The language `bun`; of the builds for x86-64 the one that every processor can run. */
export const bun = upon(base, {
  name: "bun",
  description: "Bun 1.4",
  packages: [],
  npm: [
    {
      name: { amd64: "@oven/bun-linux-x64-baseline", arm64: "@oven/bun-linux-aarch64" },
      version: "1.4.5",
      into: "usr/lib/bun",
    },
  ],
  buildBytes: 500e6,
  finish: [["ln", "-sf", "../lib/bun/bin/bun", "/usr/bin/bun"]],
  probes: [{ argv: ["bun", "--eval", "console.log(Bun.version)"], stdout: "1.4.5\n" }],
});
