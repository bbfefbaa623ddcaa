import { imageStore, type ImageStatus } from "@assay/images";
import type { Command } from "commander";
import { exitCode, usageError } from "../../exit.ts";
import { imagesOption, jsonOption, type ImagesOptions } from "./options.ts";
import { showStatuses } from "./statuses.ts";

export function registerVerify(images: Command): void {
  images
    .command("verify")
    .description("read every file and compare it with the digest; without a name, all that are here")
    .argument("[name...]")
    .addOption(imagesOption())
    .addOption(jsonOption())
    .action(async (names: string[], options: ImagesOptions) => {
      const store = imageStore(options.images);
      const known = await store.list();
      const unknown = names.find((name) => known.every((image) => image.name !== name));
      if (unknown !== undefined)
        throw usageError(`there is no image named ${unknown}; assay images lists them`);
      const here = known.filter(({ state }) => state !== "missing").map(({ name }) => name);
      const statuses: ImageStatus[] = [];
      for (const name of names.length > 0 ? names : here) statuses.push(await store.verify(name));
      showStatuses(statuses, options.json);
      if (statuses.some((status) => status.state !== "ready")) process.exitCode = exitCode.notSo;
    });
}
