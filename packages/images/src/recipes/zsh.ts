import { upon } from "../recipe.ts";
import { base } from "./base.ts";

/** Zsh 5.9: the language `zsh`. */
export const zsh = upon(base, {
  name: "zsh",
  description: "Zsh 5.9",
  packages: ["zsh"],
  buildBytes: 100e6,
  probes: [
    { argv: ["zsh", "-f", "-c", "zmodload zsh/net/tcp zsh/mathfunc && echo $((6 * 7))"], stdout: "42\n" },
  ],
});
