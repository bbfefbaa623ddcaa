import { randomUUID } from "node:crypto";
import { stringify } from "yaml";
import { convertedFiles } from "../convert/render.ts";
import type { ConvertedFiles } from "../convert/render.ts";
import { interactive } from "./interactive.ts";
import { multiPass } from "./multi-pass.ts";
import { passFail } from "./pass-fail.ts";
import { scoring } from "./scoring.ts";
import { submitAnswer } from "./submit-answer.ts";
import type { Template } from "./template.ts";

export const scaffoldTypes = ["pass-fail", "scoring", "interactive", "multi-pass", "submit-answer"] as const;
export type ScaffoldType = (typeof scaffoldTypes)[number];
export const scaffoldFormats = ["2025-09", "legacy"] as const;
export type ScaffoldFormat = (typeof scaffoldFormats)[number];

const templates: Readonly<Record<ScaffoldType, Template>> = {
  "pass-fail": passFail,
  scoring,
  interactive,
  "multi-pass": multiPass,
  "submit-answer": submitAnswer,
};

/**
 * A small problem that passes verification, to be changed into one's own. Null when the format has no
 * such type.
 */
export const scaffoldPackage = (
  name: string,
  type: ScaffoldType,
  format: ScaffoldFormat,
): ConvertedFiles | null => {
  const template = templates[type];
  if (format === "legacy" && template.legacy === null) return null;
  const files = new Map<string, string>();
  const put = (path: string, content: string): void => void files.set(path, content);
  put("problem.yaml", format === "legacy" ? legacyYaml(name, template) : modernYaml(name, type));
  if (format === "legacy") put(".timelimit", `${seconds}\n`);
  const [statement, validator] =
    format === "legacy"
      ? ["problem_statement", "output_validators/validate"]
      : ["statement", "output_validator/validate"];
  if (format === "legacy") put(`${statement}/problem.en.tex`, texOf(name, template));
  else put(`${statement}/problem.en.md`, markdownOf(template));
  put("input_validators/validate.py", template.inputValidator);
  if (template.outputValidator !== null) put(`${validator}.py`, template.outputValidator);
  for (const [path, content] of Object.entries(template.data)) put(`data/${path}`, content);
  for (const [path, content] of Object.entries(
    format === "legacy" ? (template.legacy?.data ?? {}) : template.modernData,
  )) {
    put(`data/${path}`, content);
  }
  for (const [path, content] of Object.entries(template.submissions)) put(`submissions/${path}`, content);
  return convertedFiles(new Map([...files].map(([path, content]) => [path, { content }])));
};

const seconds = 1;

const modernYaml = (name: string, type: ScaffoldType): string =>
  stringify({
    problem_format_version: "2025-09",
    type: type === "pass-fail" || type === "scoring" ? type : ["pass-fail", type],
    name: { en: name },
    uuid: randomUUID(),
    credits: { authors: ["Your Name"] },
    license: "cc by-sa",
    limits: { time_limit: seconds, memory: 256 },
  });

const legacyYaml = (name: string, { legacy, outputValidator }: Template): string =>
  stringify({
    problem_format_version: "legacy",
    ...(legacy?.scoring === true ? { type: "scoring" } : {}),
    name,
    author: "Your Name",
    license: "cc by-sa",
    limits: { memory: 256 },
    ...(outputValidator === null ? {} : { validation: ["custom", ...(legacy?.validation ?? [])].join(" ") }),
  });

const markdownOf = ({ text }: Template): string =>
  `${text.story}\n\n## Input\n\n${text.input}\n\n## ${text.outputHeading}\n\n${text.output}\n`;

const tex = (value: string): string => value.replace(/`(?<code>[^`]*)`/gu, "\\texttt{$<code>}");

/** The same text in TeX: the templates use nothing but code between backticks. */
const texOf = (name: string, { text }: Template): string => {
  return `\\problemname{${name.replace(/[\\{}$%&#_^~]/gu, " ")}}\n\n${tex(text.story)}\n\n\\section*{Input}\n\n${tex(text.input)}\n\n\\section*{${text.outputHeading}}\n\n${tex(text.output)}\n`;
};
