import { imageStore, type Image, type ImageLayer } from "@assay/images";
import { languages } from "@assay/languages";
import type { Command } from "commander";
import { printJson } from "../../command.ts";
import { left, right, table } from "../../output/table.ts";
import { bytes, printable } from "../../output/text.ts";
import { imagesOption, jsonOption, type ImagesOptions } from "./options.ts";

export function registerShow(images: Command): void {
  images
    .command("show")
    .description("what an image is, what it lies upon, its packages with their versions, its languages")
    .argument("<name>")
    .addOption(imagesOption())
    .addOption(jsonOption())
    .action(async (name: string, options: ImagesOptions) => {
      const store = imageStore(options.images);
      const image = await store.resolve(name);
      const layers = await store.layers(image.digest);
      const offered = languages
        .values()
        .filter((language) => language.image === name)
        .map(({ id }) => id)
        .toArray();
      if (options.json)
        printJson({ ...image, layers, languages: offered, builtFrom: await store.lockOf(image.digest) });
      else show(image, layers, offered);
    });
}

function show(image: Image, layers: readonly ImageLayer[], offered: readonly string[]): void {
  const facts: [string, string][] = [
    ["image", image.name],
    ["digest", `sha256:${image.digest}`],
    ["size", `${bytes(image.sizeBytes)} in ${image.entries} entries`],
    ["made", image.created],
    ["of", image.suite === null ? "another store" : `Debian ${image.suite}, ${image.architecture}`],
    ...(image.source === undefined ? [] : [["from", image.source.reference] satisfies [string, string]]),
    ["recipe", image.recipe ?? "none: it was imported"],
    ["lock", image.lock ?? "none: it can't be built again"],
    ["languages", offered.join(", ") || "none of the catalogue"],
    ["root", image.root],
  ];
  const lines = facts.map(([name, value]) => `${name.padEnd(10)} ${printable(value)}`);
  const layerRows = layers.map(({ name, digest, sizeBytes }) => [
    printable(name),
    bytes(sizeBytes),
    digest.slice(0, 16),
  ]);
  const packageRows = image.packages.map((one) =>
    [one.name, one.version, one.architecture].map((word) => printable(word)),
  );
  lines.push("", table([left("layer"), right("adds"), left("of image")], layerRows));
  lines.push("", table([left("package"), left("version"), left("architecture")], packageRows));
  process.stdout.write(`${lines.join("\n")}\n`);
}
