import { styleText } from "node:util";
import type { Finding } from "@assay/contracts";
import type { Verification } from "../commands/problem/verify.ts";
import { left, right, table } from "./table.ts";
import { milliseconds, printable } from "./text.ts";

/** A verification as people read it: what is wrong first, with its place, then the submissions. */
export function verification(result: Verification): string {
  const { problem, accepted, findings, submissions, timeLimit } = result;
  const lines = findings.map(findingLine);
  if (submissions.some(({ verdict }) => verdict !== null)) lines.push(submissionTable(result));
  if (timeLimit !== null) {
    const { ms, source, slowestAcceptedMs: slowest } = timeLimit;
    const measured =
      slowest === null ? "" : `; the slowest that must be in time takes ${milliseconds(slowest)}`;
    lines.push(`time limit: ${ms / 1000} s, ${source}${measured}`);
  }
  const count = (severity: Finding["severity"]): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const verdict = accepted ? styleText("green", "sound") : styleText("red", "not sound");
  lines.push(`${printable(problem)}: ${verdict} (${count("error")} errors, ${count("warning")} warnings)`);
  return lines.join("\n");
}

/** For example `error: problem.yaml:3: unknown key "limit"`. */
export const findingLine = ({ severity, where, line, message }: Finding): string => {
  const word = styleText(severity === "error" ? "red" : "yellow", severity);
  return `${word}: ${printable(where)}${line === null ? "" : `:${line}`}: ${printable(message)}`;
};

const submissionTable = ({ submissions }: Verification): string => {
  const columns = [
    left(""),
    left("submission"),
    left("language"),
    left("verdict"),
    right("points"),
    right("CPU"),
    left("promise"),
  ];
  const rows = submissions.map(({ kept, path, language, verdict, score, cpuMs, promise }) => [
    kept ? styleText("green", "✓") : verdict === null ? "-" : styleText("red", "✗"),
    printable(path),
    language ?? "",
    verdict ?? "not judged",
    score === null ? "" : String(score),
    cpuMs === null ? "" : milliseconds(cpuMs),
    printable(promise),
  ]);
  return table(columns, rows);
};
