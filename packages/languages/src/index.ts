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
export { probeNames, probes } from "./probes.ts";
export type { ProbeName } from "./probes.ts";
export { definitionDigest, readProgram } from "./programs.ts";
export { UnknownLanguage, coerceVersion, parseRange, selectLanguage, selectableIds } from "./select.ts";
export { extensionOf } from "./sources.ts";
export type { SelectOptions } from "./select.ts";
