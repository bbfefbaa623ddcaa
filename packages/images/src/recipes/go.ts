import { upon } from "../recipe.ts";
import type { Recipe } from "../recipe.ts";
import { base, base13 } from "./base.ts";

const trimming = (release: string): string[] => [
];

const probes: Recipe["probes"] = [];

/** Go with its standard library compiled. */
export const go = upon(base, {
  name: "go",
  description: "Go 1.19 with its standard library, and bash",
  packages: ["golang-1.19-go"],
  buildBytes: 1_500e6,
  remove: trimming("1.19"),
  finish: [["ln", "-sf", "../lib/go-1.19/bin/go", "/usr/bin/go"]],
  probes,
});

/** The Go of Debian 13. */
export const go124 = upon(base13, {
  name: "go-1.24",
  description: "Go 1.24 with its standard library, and bash",
  packages: ["golang-1.24-go"],
  buildBytes: 1_500e6,
  remove: trimming("1.24"),
  finish: [["ln", "-sf", "../lib/go-1.24/bin/go", "/usr/bin/go"]],
  probes,
});
