export type { ResolveFile } from "./html.ts";
export { renderStatement } from "./render.ts";
export type { StatementCredits, StatementOfProblem } from "./render.ts";
export type { Sample } from "./samples.ts";
export { contentSecurityPolicy } from "./style.ts";
