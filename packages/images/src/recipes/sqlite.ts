import { upon } from "../recipe.ts";
import { base } from "./base.ts";

/** SQLite's command line: the language `sql`. */
export const sqlite = upon(base, {
  name: "sqlite",
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
