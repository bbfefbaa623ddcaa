import { coreRecipes } from "@assay/images";
import { ensureImages } from "@assay/cli/stack";
import { commit, describeMachine, markdown, store, type Row } from "./report.ts";
import { accuracyRows } from "./sections/accuracy.ts";
import { boxRows } from "./sections/box.ts";
import { compileCacheRows } from "./sections/compile-cache.ts";
import { liveRows } from "./sections/live.ts";
import { judgeRows } from "./sections/judge.ts";
import { platformRows } from "./sections/platform.ts";
import { rejudgeRows } from "./sections/rejudge.ts";
import { sandboxRows } from "./sections/sandbox.ts";
import { imagesDirectory } from "./setting.ts";

if (process.getuid?.() !== 0) {
  console.error("bench: needs root, because it starts sandboxd; use sudo npm run bench");
  process.exit(3);
}

const sections = {
  box: boxRows,
  sandbox: sandboxRows,
  accuracy: accuracyRows,
  judge: judgeRows,
  platform: platformRows,
  live: liveRows,
  rejudge: rejudgeRows,
  "compile-cache": compileCacheRows,
};
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(sections, name));
if (unknown.length > 0) {
  console.error(
    `bench: there is no ${unknown.join(", ")}; the sections are ${Object.keys(sections).join(", ")}`,
  );
  process.exit(2);
}

await ensureImages(
  imagesDirectory,
  coreRecipes.map((recipe) => recipe.name),
  new AbortController().signal,
);
const rows: Row[] = [];
for (const [name, section] of Object.entries(sections)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  rows.push(...(await section()));
}
const report = { machine: describeMachine(), at: new Date().toISOString(), commit: commit(), rows };
console.log(markdown(report));
console.log(`\nstored in ${await store(report, wanted)}`);
