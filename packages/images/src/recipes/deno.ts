import { upon } from "../recipe.ts";
import { base } from "./base.ts";

/** The language `deno`. */
export const deno = upon(base, {
  name: "deno",
  description: "Deno 2.9",
  packages: ["libgcc-s1"],
  npm: [
    {
      name: { amd64: "@deno/linux-x64-glibc", arm64: "@deno/linux-arm64-glibc" },
      version: "2.9.6",
      into: "usr/lib/deno",
    },
  ],
  buildBytes: 500e6,
  finish: [["ln", "-sf", "../lib/deno/deno", "/usr/bin/deno"]],
  probes: [{ argv: ["deno", "eval", "--no-lock", "console.log(Deno.version.deno)"], stdout: "2.9.6\n" }],
});
