export { diagnoseCompilation, diagnoseRun } from "./diagnose.ts";
export { explain, languageOfEnvironment, languageOfHeader } from "./explain.ts";
export type { MessageLanguage } from "./explain.ts";
export type { SourceText } from "./sources.ts";
