import { upon } from "../recipe.ts";
import type { Recipe } from "../recipe.ts";
import { base, base13 } from "./base.ts";

const phpOn = (below: Recipe, name: string, release: string): Recipe =>
  upon(below, {
    name,
    description: `PHP ${release} for the command line`,
    packages: [`php${release}-cli`, `php${release}-mbstring`, `php${release}-bcmath`, `php${release}-gmp`],
    buildBytes: 300e6,
    remove: [],
    finish: [["ln", "-sf", `php${release}`, "/usr/bin/php"]],
    probes: [
      {
        argv: ["php", "-r", "echo PHP_MAJOR_VERSION, '.', PHP_MINOR_VERSION;"],
        stdout: release,
      },
    ],
  });

/** The language `php`. */
export const php = phpOn(base, "php", "8.2");

/** The language `php@8.4`. */
export const php84 = phpOn(base13, "php-8.4", "8.4");
