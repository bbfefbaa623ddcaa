import { ImageError, importImage } from "@assay/images";
import type { Command } from "commander";
import { interruptSignal, printJson } from "../../command.ts";
import { usageError } from "../../exit.ts";
import { ProgressLine } from "../../output/progress.ts";
import { say } from "../../output/say.ts";
import { bytes } from "../../output/text.ts";
import { requireRoot } from "../../stack/stack.ts";
import { imagesOption, jsonOption, type ImagesOptions } from "./options.ts";

interface ImportOptions extends ImagesOptions {
  readonly name?: string;
}

export function registerImport(images: Command): void {
  images
    .command("import")
    .description(
      "make an OCI or Docker image an image of this machine (as root), for runs that name it with --image",
    )
    .argument("<image>", "oci:DIR[:TAG], oci-archive:FILE[:TAG] or docker-archive:FILE[:NAME:TAG]")
    .option("--name <name>", "what it is called here, instead of what it is called there")
    .addOption(imagesOption())
    .addOption(jsonOption())
    .action(importOne);
}

async function importOne(text: string, options: ImportOptions): Promise<void> {
  requireRoot("importing images", "so that their files can belong to it");
  const signal = interruptSignal();
  const image = await withProgress("import", (progress) =>
    importImage(options.images, text, { name: options.name, progress, signal }),
  );
  if (options.json) printJson(image);
  else
    say(`image ${image.name}: ${bytes(image.sizeBytes)} in ${image.entries} entries, sha256:${image.digest}`);
}

/** What is wrong with an image from elsewhere, or with where one shall go, is the caller's to mend. */
const callersOwn = new Set(["bad_archive", "too_large", "exists", "invalid_name"]);

/** Shows how far it is, and gives what the caller can mend its own exit code. */
export async function withProgress<Result>(
  what: string,
  work: (progress: (event: ProgressEvent) => void) => Promise<Result>,
): Promise<Result> {
  using line = new ProgressLine(what);
  try {
    return await work(({ phase, done, total, message }) => line.update(phase, done, total, message));
  } catch (error) {
    if (error instanceof ImageError && callersOwn.has(error.code)) throw usageError(error.message);
    throw error;
  }
}

interface ProgressEvent {
  readonly phase: string;
  readonly done: number;
  readonly total: number | null;
  readonly message: string;
}
