export { languages } from "./catalogue/index.ts";
export { languageById, languageForFile, languageForFiles } from "./detect.ts";
export type {
  Command,
  CompileCommand,
  CompileMinimum,
  Language,
  LanguageTiming,
  VersionProbe,
} from "./language.ts";
