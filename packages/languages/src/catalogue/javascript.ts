import type { Language } from "../language.ts";
import { entryPointOf, sourcesOf } from "../sources.ts";
import { checkEach } from "./check-each.ts";
import { nodeOverhead, nodeVersion, runNode } from "./node.ts";

const extensions = [".js", ".mjs", ".cjs"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.js", "main.mjs", "main.cjs", "index.js"]);

/**
 * Which modules a file has is Node's own rule: `.mjs` is an ECMAScript module and `.cjs` a CommonJS one;
 * `.js` is what `type` in a `package.json` beside it says, and without one an ECMAScript module when it
 * has `import`, `export` or a top-level `await`, else CommonJS.
 */
const javascriptOf = (own: Pick<Language, "id" | "release" | "image">): Language => ({
  ...own,
  family: "javascript",
  name: "JavaScript (Node.js)",
  aliases: ["js", "node", "nodejs"],
  extensions,
  defaultSource: "main.js",
  highlighting: "javascript",
  translation: "checked",
  programs: "javascript",
  without: {},
  entryPoint,
  compile: (files) => checkEach("node --check", sourcesOf(files, extensions)),
  compileMinimum: { memoryBytes: 128 * MiB, processes: 16, diskBytes: 64 * 1024 },
  run: (files, args = [], memoryBytes) => runNode(entryPoint(files), args, memoryBytes),
  overhead: nodeOverhead,
  messages: "node",
  timing: { factor: 1, offsetMs: 49 },
  version: nodeVersion,
});

export const javascript: Language = javascriptOf({
  id: "javascript",
  release: "26",
  image: "javascript",
});

export const javascript24: Language = javascriptOf({
  id: "javascript@24",
  release: "24",
  image: "javascript-24",
});

export const javascript22: Language = javascriptOf({
  id: "javascript@22",
  release: "22",
  image: "javascript-22",
});
