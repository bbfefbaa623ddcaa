import { coreRecipes, imageStore, recipes, type ImageStatus } from "@assay/images";
import type { Command } from "commander";
import { interruptSignal, printJson } from "../command.ts";
import { exitCode, usageError } from "../exit.ts";
import { left, right, table } from "../output/table.ts";
import { bytes, printable } from "../output/text.ts";
import { buildImage } from "../stack/ensure-images.ts";
import { defaultImagesDirectory } from "../stack/paths.ts";
import { requireRoot } from "../stack/stack.ts";
import { registerPush } from "./images-push.ts";

interface JsonOption {
  readonly json: boolean;
}

export function registerImages(program: Command): void {
  const images = program.command("images").description("images of this machine");
  images
    .command("list", { isDefault: true })
    .description("every image with its state, without reading it")
    .option("--json", "one JSON object", false)
    .action(async ({ json }: JsonOption) => {
      show(await imageStore(defaultImagesDirectory()).list(), json);
    });
  images
    .command("build")
    .description("build images from their recipes (as root); without a name, all of them")
    .argument("[name...]")
    .option("--json", "one JSON object", false)
    .action(async (names: string[], { json }: JsonOption) => {
      const chosen = names.length > 0 ? names.map(known) : coreRecipes.map((recipe) => recipe.name);
      requireRoot("building images", "so that their files can belong to it");
      const signal = interruptSignal();
      for (const name of chosen) await buildImage(defaultImagesDirectory(), name, signal);
      show(await imageStore(defaultImagesDirectory()).list(), json);
    });
  registerPush(images);
  images
    .command("verify")
    .description("read every file and compare it with the digest; without a name, all of them")
    .argument("[name...]")
    .option("--json", "one JSON object", false)
    .action(async (names: string[], { json }: JsonOption) => {
      const store = imageStore(defaultImagesDirectory());
      const statuses: ImageStatus[] = [];
      for (const name of names.length > 0 ? names : coreRecipes.map((recipe) => recipe.name))
        statuses.push(await store.verify(name));
      show(statuses, json);
      if (statuses.some((status) => status.state !== "ready")) process.exitCode = exitCode.notSo;
    });
  images
    .command("remove")
    .description("remove an image; jobs that need it are refused until it is built again")
    .argument("<name>")
    .action(async (name: string) => {
      const store = imageStore(defaultImagesDirectory());
      if (!(await store.list()).some((image) => image.name === name))
        throw usageError(`there is no image named ${name} here; assay images lists them`);
      await store.remove(name);
    });
}

function known(name: string): string {
  if (recipes.has(name)) return name;
  throw usageError(`there is no image named ${name}; known are ${[...recipes.keys()].join(", ")}`);
}

function show(statuses: readonly ImageStatus[], json: boolean): void {
  if (json) return printJson({ items: statuses });
  const columns = [
    left("image"),
    left("state"),
    right("size"),
    right("packages"),
    left("digest"),
    left("reason"),
  ];
  const rows = statuses.map((status) => [
    status.name,
    status.state,
    status.sizeBytes === null ? "" : bytes(status.sizeBytes),
    String(status.packages.length),
    status.digest?.slice(0, 16) ?? "",
    printable(status.reason ?? ""),
  ]);
  process.stdout.write(`${table(columns, rows)}\n`);
}
