import { upon } from "../recipe.ts";
import { base } from "./base.ts";

/** GNU's AWK beside the mawk that the base has: the languages `awk` and `mawk`. */
export const awk = upon(base, {
  name: "awk",
  description: "GNU AWK and mawk",
  packages: ["gawk"],
  buildBytes: 50e6,
  finish: [["ln", "-sf", "gawk", "/usr/bin/awk"]],
  probes: [
    { argv: ["gawk", "-M", "BEGIN { print 2 ^ 100 }"], stdout: "1267650600228229401496703205376\n" },
    { argv: ["gawk", "-l", "fork", "BEGIN { print typeof(fork()) }"], stdout: null },
    { argv: ["mawk", "BEGIN { print 6 * 7 }"], stdout: "42\n" },
  ],
});
