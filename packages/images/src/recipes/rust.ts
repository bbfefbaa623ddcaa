import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** Rust 1.96, and bash */
export const rust = upon(gcc, {
  name: "rust",
  description: "Rust 1.96, and bash",
  packages: ["rustc-web"],
  buildBytes: 1_500e6,
  remove: [
  ],
  finish: [
  ],
  probes: [
  ],
});
