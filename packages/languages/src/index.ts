export { languages } from "./catalogue/index.ts";
export { languageById, languageForFile, languageForFiles } from "./detect.ts";
export type {
  Command,
  CompileCommand,
  CompileMinimum,
  Language,
  LanguageOverhead,
  LanguageTiming,
  MessageFormat,
  VersionProbe,
} from "./language.ts";
export {
  diagnoseCompilation,
  diagnoseRun,
  explain,
  languageOfEnvironment,
  languageOfHeader,
} from "./messages/index.ts";
export type { MessageLanguage, SourceText } from "./messages/index.ts";
export { probeNames, probes } from "./probes.ts";
export type { ProbeName } from "./probes.ts";
export { definitionDigest, readProgram } from "./programs.ts";
