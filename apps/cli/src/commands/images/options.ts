import { resolve } from "node:path";
import { Option } from "commander";
import { defaultImagesDirectory } from "../../stack/paths.ts";

export interface ImagesOptions {
  readonly images: string;
  readonly json: boolean;
}

export const imagesOption = (): Option =>
  new Option("--images <directory>", "where images are kept")
    .default(defaultImagesDirectory())
    .argParser((path: string) => resolve(path));

export const jsonOption = (): Option => new Option("--json", "one JSON object").default(false);
