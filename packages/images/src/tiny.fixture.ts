import type { Recipe } from "./recipe.ts";
import { commonTrimming } from "./recipes/shared.ts";

/** As small as a real image gets: one static program from the real mirror. */
export const tiny: Recipe = {
  name: "tiny",
  description: "busybox alone",
  from: null,
  suite: "bookworm",
  packages: ["busybox-static"],
  npm: [],
  files: {},
  buildBytes: 200e6,
  remove: commonTrimming,
  finish: [["busybox", "ln", "-s", "busybox", "/bin/sh"]],
  probes: [{ argv: ["sh", "-c", "busybox id -u; busybox ls / > /tmp/left"], stdout: "0\n" }],
};
