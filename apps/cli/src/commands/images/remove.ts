import { imageStore } from "@assay/images";
import type { Command } from "commander";
import { usageError } from "../../exit.ts";
import { imagesOption, type ImagesOptions } from "./options.ts";

export function registerRemove(images: Command): void {
  images
    .command("remove")
    .description("remove an image; jobs that need it are refused until it is built again")
    .argument("<name>")
    .addOption(imagesOption())
    .action(async (name: string, options: Pick<ImagesOptions, "images">) => {
      const store = imageStore(options.images);
      if (!(await store.list()).some((image) => image.name === name))
        throw usageError(`there is no image named ${name} here; assay images lists them`);
      await store.remove(name);
    });
}
