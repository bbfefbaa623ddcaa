import type { Recipe } from "../recipe.ts";
import { commonFinish, commonTrimming, shellPackages } from "./shared.ts";

const probes: Recipe["probes"] = [
  { argv: ["bash", "-c", "echo $((6 * 7)) | sed s/4/5/ | awk '{ print $1 + 1 }' | sort"], stdout: "53\n" },
  { argv: ["sh", "-c", "echo '2 ^ 10' | bc"], stdout: "1024\n" },
];

const baseOf = (name: string, suite: string, description: string): Recipe => ({
  name,
  description,
  from: null,
  suite,
  packages: [...shellPackages],
  npm: [],
  files: {},
  buildBytes: 200e6,
  remove: commonTrimming,
  finish: commonFinish,
  probes,
});

/** The C library, the shell and its tools: what lies below every image of Debian 12. */
export const base = baseOf("base", "bookworm", "Debian 12: the C library, bash and its tools");

/** The same of Debian 13, for newer versions beside those of Debian 12. */
export const base13 = baseOf("base-13", "trixie", "Debian 13: the C library, bash and its tools");
