import { upon } from "../recipe.ts";
import type { Recipe } from "../recipe.ts";
import { base, base13 } from "./base.ts";

const sqliteOn = (below: Recipe, name: string): Recipe =>
  upon(below, {
    name,
    description: "SQLite with its command line",
    packages: ["sqlite3"],
    buildBytes: 50e6,
    probes: [
      {
        argv: ["sqlite3", "-batch", ":memory:", "select json('[6, 7]') ->> 0 * sqrt(49);"],
        stdout: "42.0\n",
      },
    ],
  });

/** The language `sql`. */
export const sqlite = sqliteOn(base, "sqlite");

/** The language `sql@3.46`. */
export const sqlite346 = sqliteOn(base13, "sqlite-3.46");
