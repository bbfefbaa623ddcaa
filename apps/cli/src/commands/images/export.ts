import { exportImage } from "@assay/images";
import { Option, type Command } from "commander";
import { interruptSignal } from "../../command.ts";
import { withProgress } from "./import.ts";
import { imagesOption, type ImagesOptions } from "./options.ts";

interface ExportOptions extends ImagesOptions {
  readonly compression: "gzip" | "zstd" | "none";
}

export function registerExport(images: Command): void {
  images
    .command("export")
    .description("write an image for skopeo, umoci, podman or docker; never in the place of something else")
    .argument("<name>")
    .argument("<to>", "oci:DIR[:TAG], also into a layout that is there, or docker-archive:FILE[:NAME:TAG]")
    .addOption(
      new Option("--compression <kind>", "of an OCI layout's layers; zstd is not read by every tool")
        .choices(["gzip", "zstd", "none"])
        .default("gzip"),
    )
    .addOption(imagesOption())
    .action(async (name: string, to: string, { images: directory, compression }: ExportOptions) => {
      const signal = interruptSignal();
      await withProgress(`export ${name}`, (progress) =>
        exportImage(directory, name, to, { compression, progress, signal }),
      );
    });
}
