import { coreRecipes } from "@assay/images";
import { UnknownLanguage, languages, selectLanguage } from "@assay/languages";
import { Option } from "commander";
import { usageError } from "../exit.ts";

/** For commands that build what a machine shall have before it serves. */
export const languagesOption = (): Option =>
  new Option(
    "--languages <list>",
    "whose images are built first when they are missing: names with commas between them (java,go,python@3.13), core, or all; what is built already is offered in any case",
  )
    .argParser(imagesOf)
    .default(
      coreRecipes.map(({ name }) => name),
      "core: Bash, C, C++ and Python",
    );

/** The images of the languages in a list as the option takes it. */
function imagesOf(list: string): string[] {
  const images = new Set<string>();
  for (const word of list.split(",").map((one) => one.trim()))
    if (word === "core") for (const { name } of coreRecipes) images.add(name);
    else if (word === "all") for (const { image } of languages.values()) images.add(image);
    else if (word !== "") images.add(imageOf(word));
  if (images.size === 0) throw usageError(`--languages: "${list}" names no language`);
  return [...images];
}

function imageOf(selector: string): string {
  try {
    return selectLanguage(selector).image;
  } catch (error) {
    if (error instanceof UnknownLanguage) throw usageError(`--languages: ${error.message}`);
    throw error;
  }
}
