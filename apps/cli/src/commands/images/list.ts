import { imageStore } from "@assay/images";
import type { Command } from "commander";
import { imagesOption, jsonOption, type ImagesOptions } from "./options.ts";
import { showStatuses } from "./statuses.ts";

export function registerList(images: Command): void {
  images
    .command("list", { isDefault: true })
    .description("every image with its state, without reading it")
    .addOption(imagesOption())
    .addOption(jsonOption())
    .action(async (options: ImagesOptions) => {
      showStatuses(await imageStore(options.images).list(), options.json);
    });
}
