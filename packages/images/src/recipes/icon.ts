import { upon } from "../recipe.ts";
import { base } from "./base.ts";

/** Icon 9.4: the language `icon`. */
export const icon = upon(base, {
  name: "icon",
  description: "Icon 9.4",
  packages: ["icont", "iconx"],
  buildBytes: 100e6,
});
