import { styleText } from "node:util";
import type { CompileReport, JudgeResult } from "@assay/contracts";
import { left, right, table } from "./table.ts";
import { bytes, milliseconds, printable } from "./text.ts";

/** One judged submission as people see it. */
export interface VerdictLine {
  readonly submission: string;
  readonly language: string;
  readonly expected: string;
  readonly isAsExpected: boolean;
  readonly result: JudgeResult;
}

/** The table of `judge` and of the demo. */
export function verdictTable(lines: readonly VerdictLine[]): string {
  const columns = [
    left(""),
    left("submission"),
    left("language"),
    left("expected"),
    left("verdict"),
    right("passed"),
    right("CPU"),
    right("wall"),
    right("memory"),
    left("fault"),
    left("evidence"),
  ];
  const rows = lines.map(({ submission, language, expected, isAsExpected, result }) => [
    isAsExpected ? styleText("green", "✓") : styleText("red", "✗"),
    printable(submission),
    language,
    expected,
    result.verdict,
    result.score === null
      ? `${result.passed}/${result.total}`
      : `${result.passed}/${result.total}, ${result.score} points`,
    milliseconds(result.cpuMs),
    milliseconds(result.wallMs),
    bytes(result.memoryBytes),
    result.fault ?? "",
    printable(`${result.evidence.text}${compiledBefore(result.compile)}`),
  ]);
  return table(columns, rows);
}

/** What is added to a sentence on a program that was not compiled for this result. */
export const compiledBefore = (compile: CompileReport | null): string =>
  compile?.cached === true ? "; compiled before" : "";
