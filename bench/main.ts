import { recipes } from "@assay/images";
import { ensureImages } from "@assay/cli/stack";
import { commit, describeMachine, markdown, store, type Row } from "./report.ts";
import { boxRows } from "./sections/box.ts";
import { platformRows } from "./sections/platform.ts";
import { imagesDirectory } from "./setting.ts";

if (process.getuid?.() !== 0) {
  console.error("bench: needs root, because it starts sandboxd; use sudo npm run bench");
  process.exit(3);
}

await ensureImages(
  imagesDirectory,
  recipes.map((recipe) => recipe.name),
  new AbortController().signal,
);
const rows: Row[] = [];
for (const section of [boxRows, platformRows]) {
  const measured = await section();
  rows.push(...measured);
}
const report = { machine: describeMachine(), at: new Date().toISOString(), commit: commit(), rows };
console.log(markdown(report));
console.log(`\nstored in ${await store(report)}`);
