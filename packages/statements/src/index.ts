export type { StatementCredits, StatementOfProblem } from "./render.ts";
export { StatementRenderer } from "./renderer.ts";
export type { Sample } from "./samples.ts";
export { contentSecurityPolicy } from "./style.ts";
