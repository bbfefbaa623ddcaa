/** A message as a parser finds it. */
export interface Finding {
  /** As the tool wrote it; whose file that is is decided for all of them in one place. */
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly kind: "error" | "warning" | "note";
  readonly message: string;
  readonly code?: string | null;
  readonly args?: Readonly<Record<string, string>>;
}

/** Reads what the tools of one format say. Pure; lines are short and few (see read-lines.ts). */
export interface MessageParser {
  /** What is said before the program runs. */
  readonly compile: (lines: readonly string[], sources: Sources) => readonly Finding[];
  /** What a program that failed left on its standard error. */
  readonly run: (lines: readonly string[], sources: Sources) => readonly Finding[];
}

/** The files of a submission. */
export interface Sources {
  /** The path of the submission that a tool means by this one; null when it is none of them. */
  readonly own: (path: string) => string | null;
  /** A line of a file, from 1, without its end; null when there is none. */
  readonly line: (path: string, number: number) => string | null;
}

/** A kind of message. The groups of the pattern are what explanations may name. */
export interface Rule {
  readonly code: string;
  readonly pattern: RegExp;
}

/** The first rule that fits. */
export const classify = (
  rules: readonly Rule[],
  message: string,
): { readonly code: string | null; readonly args: Readonly<Record<string, string>> } => {
  for (const { code, pattern } of rules) {
    const found = pattern.exec(message);
    if (found === null) continue;
    const named = Object.entries(found.groups ?? {}).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    return { code, args: Object.fromEntries(named) };
  }
  return { code: null, args: {} };
};

/** What a line of the source shows, and the message that the tool said of it does not. */
export interface SourceRule {
  /** Codes of messages that may be so meant. */
  readonly said: readonly string[];
  readonly code: string;
  readonly pattern: RegExp;
}

type Classified = ReturnType<typeof classify>;

/** Texts and comments are no part of what is looked at. */
const literals = /"[^"]{0,200}"|'[^']{0,200}'|(?:#|\/\/).*/g;

/** As `classify` found it, or as the first of the rules does that fits the line. */
export const refine = (rules: readonly SourceRule[], found: Classified, line: string | null): Classified => {
  const code = line?.slice(0, 400).replace(literals, '""');
  for (const rule of rules) {
    const match =
      code === undefined || !rule.said.includes(found.code ?? "") ? null : rule.pattern.exec(code);
    if (match !== null) return { code: rule.code, args: { ...match.groups } };
  }
  return found;
};

export const kindOf = (word: string): Finding["kind"] => {
  if (word.includes("warning")) return "warning";
  return word.includes("error") ? "error" : "note";
};
