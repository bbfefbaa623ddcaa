import { imageStore, type GcReport } from "@assay/images";
import { InvalidArgumentError, type Command } from "commander";
import { interruptSignal, printJson } from "../../command.ts";
import { bytes, printable } from "../../output/text.ts";
import { requireRoot } from "../../stack/stack.ts";
import { imagesInUse } from "./in-use.ts";
import { imagesOption, jsonOption, type ImagesOptions } from "./options.ts";

interface GcOptions extends ImagesOptions {
  readonly days: number;
  readonly offline: boolean;
}

export function registerGc(images: Command): void {
  images
    .command("gc")
    .description("remove old images that nothing names, archives that nothing needs, what killed builds left")
    .option("--days <n>", "archives that no build used for so long go", days, 30)
    .option("--offline", "do not ask the server which images its jobs and results name", false)
    .addOption(imagesOption())
    .addOption(jsonOption())
    .action(async (options: GcOptions) => {
      requireRoot("removing images", "as they belong to it");
      const keep = options.offline ? new Set<string>() : await imagesInUse(interruptSignal());
      const report = await imageStore(options.images).gc({ keep, maxAgeDays: options.days });
      if (options.json) printJson(report);
      else show(report);
    });
}

function show({ images, archives, leftovers, layerBytes }: GcReport): void {
  const lines = images.map(
    ({ digest, name, bytes: size }) =>
      `image ${printable(name ?? "without a manifest")} ${digest.slice(0, 16)}: ${bytes(size)}`,
  );
  lines.push(
    `archives: ${archives.count}, ${bytes(archives.bytes)}`,
    `layers: ${bytes(layerBytes)}`,
    `leftovers: ${leftovers.count}, ${bytes(leftovers.bytes)}`,
  );
  process.stdout.write(`${lines.join("\n")}\n`);
}

function days(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected a number of days");
}
