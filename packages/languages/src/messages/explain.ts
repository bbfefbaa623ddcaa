import type { Diagnostic } from "@assay/contracts";
import deC from "./texts/de/c.json" with { type: "json" };
import deCpp from "./texts/de/cpp.json" with { type: "json" };
import deJava from "./texts/de/java.json" with { type: "json" };
import deJavascript from "./texts/de/javascript.json" with { type: "json" };
import dePython from "./texts/de/python.json" with { type: "json" };
import enC from "./texts/en/c.json" with { type: "json" };
import enCpp from "./texts/en/cpp.json" with { type: "json" };
import enJava from "./texts/en/java.json" with { type: "json" };
import enJavascript from "./texts/en/javascript.json" with { type: "json" };
import enPython from "./texts/en/python.json" with { type: "json" };

interface Explanation {
  readonly explanation: string;
  readonly hint: string;
}

type Texts = ReadonlyMap<string, Explanation>;

const joined = (...parts: readonly Readonly<Record<string, Explanation>>[]): Texts =>
  new Map(parts.flatMap((part) => Object.entries(part)));

/** What explanations are written in. */
export const messageLanguages = ["en", "de"] as const;
export type MessageLanguage = (typeof messageLanguages)[number];

/** Explanations by code; see docs/friendly-errors.md on how to translate them. */
export const explanations: Readonly<Record<MessageLanguage, Texts>> = {
  en: joined(enC, enCpp, enJava, enJavascript, enPython),
  de: joined(deC, deCpp, deJava, deJavascript, dePython),
};

/** `{name}` is an argument of the message; `{{` and `}}` are braces. */
const placeholder = /\{\{|\}\}|\{(\w+)\}/g;

/** What a text names of its message. */
export const placeholdersOf = (text: string): string[] =>
  [...text.matchAll(placeholder)].flatMap(([, name]) => (name === undefined ? [] : [name]));

const filled = (text: string, args: Readonly<Record<string, string>>): string =>
  text.replace(placeholder, (part, name: string | undefined) => {
    if (name === undefined) return part.slice(1);
    return Object.hasOwn(args, name) ? (args[name] ?? "") : "…";
  });

/** A message with what a beginner should know of it; as it is where nothing is written about it. */
export const explain = (diagnostic: Diagnostic, language: MessageLanguage): Diagnostic => {
  const text = diagnostic.code === null ? undefined : explanations[language].get(diagnostic.code);
  if (text === undefined) return diagnostic;
  return {
    ...diagnostic,
    explanation: filled(text.explanation, diagnostic.args),
    hint: filled(text.hint, diagnostic.args),
  };
};

const known = (tag: string): MessageLanguage | null => {
  const primary = tag.trim().toLowerCase().split(/[-_.]/, 1)[0];
  return messageLanguages.find((language) => language === primary) ?? null;
};

/** Of a header `Accept-Language` the language that its sender likes most and that there is; else English. */
export const languageOfHeader = (header: string | undefined): MessageLanguage => {
  const wishes = (header ?? "")
    .slice(0, 400)
    .split(",")
    .map((wish) => {
      const [tag = "", ...parameters] = wish.split(";");
      const quality = parameters.map((word) => /^\s*q=([\d.]{1,6})\s*$/.exec(word)?.[1]).find(Boolean);
      return { language: known(tag), quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ language, quality }) => language !== null && quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
  return wishes[0]?.language ?? "en";
};

/** Of the environment of a command: `LANG=de_AT.UTF-8`. */
export const languageOfEnvironment = (env: Readonly<Record<string, string | undefined>>): MessageLanguage =>
  // As in setlocale(3): an empty one says nothing.
  known([env["LC_ALL"], env["LC_MESSAGES"], env["LANG"]].find((value) => Boolean(value)) ?? "") ?? "en";
