import { AssayError } from "@assay/contracts";
import type { ProblemPackage } from "@assay/judging";

type Statement = ProblemPackage["statements"][number];

export const shownAs = ({ format }: Statement): "html" | "pdf" => (format === "pdf" ? "pdf" : "html");

/** Codes of an Accept-Language header, the dearest first. */
const acceptedLanguages = (header: string | undefined): readonly string[] =>
  (header ?? "")
    .slice(0, 1000)
    .split(",")
    .flatMap((part, index) => {
      const [code = "", ...parameters] = part.trim().split(";");
      const quality = /^\s*q=(?<value>[01](?:\.\d{0,3})?)\s*$/u.exec(parameters.join(";"))?.groups?.["value"];
      const weight = quality === undefined ? 1 : Number(quality);
      return weight > 0 && code !== "" ? [{ code: code.toLowerCase(), weight, index }] : [];
    })
    .sort((one, other) => other.weight - one.weight || one.index - other.index)
    .map(({ code }) => code);

/** The statement to show. Without a wish for its format HTML comes before PDF. */
export const chooseStatement = (
  statements: readonly Statement[],
  language: string,
  format: "html" | "pdf" | undefined,
  acceptLanguage: string | undefined,
): Statement => {
  const fitting = statements
    .filter((statement) => format === undefined || shownAs(statement) === format)
    .toSorted((one, other) => rank(one) - rank(other));
  const chosen =
    language === "auto"
      ? byAcceptance(fitting, acceptedLanguages(acceptLanguage))
      : fitting.find((statement) => statement.language === language);
  if (chosen !== undefined) return chosen;
  const there = [
    ...new Set(statements.map((statement) => `${statement.language} (${shownAs(statement)})`)),
  ].sort();
  throw new AssayError(
    "not_found",
    there.length === 0
      ? "This problem has no statement."
      : `There is no such statement; this problem has ${there.join(", ")}.`,
  );
};

const rank = ({ format }: Statement): number => ["md", "tex", "html", "pdf"].indexOf(format);

const byAcceptance = (fitting: readonly Statement[], codes: readonly string[]): Statement | undefined => {
  for (const code of codes) {
    const exact = fitting.find(({ language }) => language.toLowerCase() === code);
    const [base] = code.split("-");
    const found = exact ?? fitting.find(({ language }) => language.split("-")[0] === base);
    if (found !== undefined) return found;
  }
  return fitting.find(({ language }) => language === "en") ?? fitting[0];
};
