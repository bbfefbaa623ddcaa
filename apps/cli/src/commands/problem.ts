import type { Command } from "commander";
import { registerVerify } from "./problem-verify.ts";

/** Commands for authors of problem packages. */
export function registerProblem(program: Command): void {
  const problem = program.command("problem").description("make and check problem packages");
  registerVerify(problem);
}
