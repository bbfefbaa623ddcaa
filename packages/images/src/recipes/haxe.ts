import { upon } from "../recipe.ts";
import { base } from "./base.ts";

/** Haxe 4.2 with its interpreter: the language `haxe`. */
export const haxe = upon(base, {
  name: "haxe",
  description: "Haxe 4.2",
  packages: ["haxe"],
  buildBytes: 500e6,
});
