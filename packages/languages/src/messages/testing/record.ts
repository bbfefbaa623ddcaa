// Records what the real tools say of the examples, for the test that reads it where no box can be had:
//
//     node packages/languages/src/messages/testing/record.ts [ID…]
//
// Needs the languages' images, and root. Without ids: all whose images are built.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { catalogueSandboxOrSkip } from "@assay/testing";
import { languages } from "../../catalogue/index.ts";
import { examples } from "./examples/index.ts";
import { sayOf } from "./say.ts";

await using box = await catalogueSandboxOrSkip();
const { sandbox, images } = box.get();
const wanted = process.argv.slice(2);
for (const [id, list] of examples) {
  const language = languages.get(id);
  const image = language === undefined ? undefined : images.get(language.image);
  if (wanted.length > 0 && !wanted.includes(id)) continue;
  if (language === undefined || image === undefined) {
    process.stderr.write(`${id}: there is no image\n`);
    continue;
  }
  const said = [];
  for (const example of list)
    said.push({ code: example.code, ...(await sayOf(sandbox, image, language, example)) });
  const path = join(import.meta.dirname, "recorded", `${id}.json`);
  await writeFile(path, `${JSON.stringify(said, null, 2)}\n`);
  process.stderr.write(`${id}: ${said.length} examples\n`);
}
