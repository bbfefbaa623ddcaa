import { upon } from "../recipe.ts";
import { base } from "./base.ts";

/** The language `erlang`. */
export const erlang = upon(base, {
  name: "erlang",
  description: "Erlang/OTP 25, and bash",
  packages: ["erlang-base"],
  buildBytes: 400e6,
  remove: [],
  probes: [],
});
export const elixir = upon(erlang, {
  name: "elixir",
  description: "Elixir 1.14, Erlang/OTP 25, and bash",
  packages: ["elixir"],
  buildBytes: 400e6,
  remove: [],
  probes: [],
});
