import { upon } from "../recipe.ts";
import { javascript } from "./javascript.ts";

/** The compiler of TypeScript with Node's types, upon Node: the language `typescript`. */
export const typescript = upon(javascript, {
  name: "typescript",
  description: "TypeScript 7 and Node.js 26",
  packages: [],
  npm: [
    {
      name: { amd64: "@typescript/typescript-linux-x64", arm64: "@typescript/typescript-linux-arm64" },
      version: "7.0.2",
      into: "usr/lib/typescript",
    },
    { name: { all: "@types/node" }, version: "26.6.7", into: "usr/lib/node_modules/@types/node" },
    { name: { all: "undici-types" }, version: "8.9.0", into: "usr/lib/node_modules/undici-types" },
  ],
  buildBytes: 100e6,
  finish: [["ln", "-sf", "../lib/typescript/lib/tsc", "/usr/bin/tsc"]],
  probes: [
    {
      argv: [
        "sh",
        "-c",
        "cd /tmp && echo 'import { sep } from \"node:path\"; const n: number = 42; console.log(sep, n, process.argv.length)' >main.ts && tsc --strict --module nodenext --types node --typeRoots /usr/lib/node_modules/@types main.ts && node main.js",
      ],
      stdout: "/ 42 2\n",
    },
  ],
});
