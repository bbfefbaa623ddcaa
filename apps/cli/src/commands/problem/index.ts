import type { Command } from "commander";
import { registerProblemConvert } from "./convert.ts";
import { registerProblemNew } from "./new.ts";
import { registerVerify } from "./verify.ts";

/** Work on problem packages in directories, without a server. */
export function registerProblem(program: Command): void {
  const problem = program.command("problem").description("make, convert and check problem packages");
  registerProblemNew(problem);
  registerProblemConvert(problem);
  registerVerify(problem);
}
