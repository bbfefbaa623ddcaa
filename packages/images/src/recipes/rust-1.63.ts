import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** Rust 1.63, and bash */
export const rust163 = upon(gcc, {
  name: "rust-1.63",
  description: "Rust 1.63, and bash",
  packages: ["rustc"],
  buildBytes: 1_500e6,
  remove: [
  ],
  finish: [
  ],
  probes: [
  ],
});
