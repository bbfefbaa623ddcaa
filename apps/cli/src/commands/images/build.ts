import { readFile } from "node:fs/promises";
import { coreRecipes, imageStore, parseLock, recipes } from "@assay/images";
import { Option, type Command } from "commander";
import { interruptSignal } from "../../command.ts";
import { exitCode, messageOf, usageError } from "../../exit.ts";
import { say } from "../../output/say.ts";
import { buildImage } from "../../stack/ensure-images.ts";
import { requireRoot } from "../../stack/stack.ts";
import { imagesOption, jsonOption, type ImagesOptions } from "./options.ts";
import { showStatuses } from "./statuses.ts";

interface BuildOptions extends ImagesOptions {
  readonly all?: boolean;
  readonly update?: boolean;
  readonly lock?: string;
  readonly mirror?: string;
}

export function registerBuild(images: Command): void {
  images
    .command("build")
    .description(
      "build images from their locks, else from their recipes (as root); without a name, the core ones",
    )
    .argument("[name...]")
    .option("--all", "every image of the catalogue")
    .addOption(new Option("--update", "resolve again: the newest packages of the mirror").conflicts("lock"))
    .option("--lock <file>", "build one image from this lock, to the byte")
    .option("--mirror <url>", "address of a Debian mirror to use instead of this machine's sources")
    .addOption(imagesOption())
    .addOption(jsonOption())
    .action(build);
}

async function build(names: string[], options: BuildOptions): Promise<void> {
  const chosen = choose(names, options.all === true);
  if (options.lock !== undefined && chosen.length !== 1)
    throw usageError("--lock takes the name of the one image that is built from it");
  const lock =
    options.lock === undefined ? undefined : parseLock(await readFile(options.lock, "utf8"), options.lock);
  requireRoot("building images", "so that their files can belong to it");
  const signal = interruptSignal();
  const failed: string[] = [];
  for (const name of chosen) {
    try {
      await buildImage(options.images, name, signal, {
        ...(lock === undefined ? {} : { lock }),
        ...(options.update === true ? { update: true } : {}),
        ...(options.mirror === undefined ? {} : { mirror: options.mirror }),
      });
    } catch (error) {
      // Of many images, the others are built all the same.
      if (chosen.length === 1 || signal.aborted) throw error;
      failed.push(name);
      say(`assay: image ${name}: ${messageOf(error)}`);
    }
  }
  const statuses = await imageStore(options.images).list();
  showStatuses(
    options.all === true ? statuses : statuses.filter(({ name }) => chosen.includes(name)),
    options.json,
  );
  if (failed.length > 0) {
    say(`assay: not built: ${failed.join(", ")}`);
    process.exitCode = exitCode.platform;
  }
}

function choose(names: readonly string[], all: boolean): string[] {
  if (all) return [...recipes.keys()];
  if (names.length === 0) return coreRecipes.map(({ name }) => name);
  for (const name of names)
    if (!recipes.has(name))
      throw usageError(`there is no image named ${name}; known are ${[...recipes.keys()].join(", ")}`);
  return [...names];
}
