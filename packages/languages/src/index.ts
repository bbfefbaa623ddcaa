export { languages } from "./catalogue/index.ts";
export {
  isToldByContent,
  languageById,
  languageForFile,
  languageForFiles,
  languagesInFiles,
} from "./detect/detect.ts";
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
export { UnknownLanguage, coerceVersion, parseRange, selectLanguage, selectableIds } from "./select.ts";
export { extensionOf } from "./sources.ts";
export type { DetectableFile } from "./detect/detect.ts";
export type { SelectOptions } from "./select.ts";
export { basesOf, isAmong } from "./variants.ts";
