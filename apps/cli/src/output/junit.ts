import type { Finding } from "@assay/contracts";
import type { Verification } from "../commands/problem/verify.ts";

/** Checks that are told of even when they found nothing. */
const checks = [
  "structure",
  "statement",
  "test-data",
  "input-validators",
  "output-validators",
  "programs",
  "time-limit",
];

/** A verification as JUnit XML: a test case for each check and for each submission. */
export function junit({ problem, findings, submissions }: Verification): string {
  const paths = new Set(submissions.map(({ path }) => path));
  const ofChecks = checks.map((check) => ({
    name: check,
    findings: findings.filter(
      (each) => each.check === check || (check === "structure" && isOther(each, paths)),
    ),
    skipped: false,
  }));
  const ofSubmissions = submissions.map(({ path, verdict }) => ({
    name: path,
    findings: findings.filter((each) => each.check === "submissions" && each.where === path),
    skipped: verdict === null,
  }));
  const cases = [...ofChecks, ...ofSubmissions];
  const failed = cases.filter((each) => errorsOf(each.findings).length > 0).length;
  const skipped = cases.filter((each) => each.skipped && errorsOf(each.findings).length === 0).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="${xml(problem)}" tests="${cases.length}" failures="${failed}" errors="0" skipped="${skipped}">`,
    ...cases.map((each) => testCase(problem, each)),
    "</testsuite>",
    "",
  ].join("\n");
}

/** What no case of its own shows. */
const isOther = ({ check, where }: Finding, paths: ReadonlySet<string>): boolean =>
  !checks.includes(check) && !(check === "submissions" && paths.has(where));

const errorsOf = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ severity }) => severity === "error");

const testCase = (
  problem: string,
  { name, findings, skipped }: { name: string; findings: readonly Finding[]; skipped: boolean },
): string => {
  const errors = errorsOf(findings);
  const warnings = findings.filter(({ severity }) => severity === "warning");
  const [first] = errors;
  const parts = [
    ...(first === undefined
      ? skipped
        ? ["    <skipped/>"]
        : []
      : [`    <failure message="${xml(lineOf(first))}">${xml(errors.map(lineOf).join("\n"))}</failure>`]),
    ...(warnings.length === 0
      ? []
      : [`    <system-out>${xml(warnings.map(lineOf).join("\n"))}</system-out>`]),
  ];
  const open = `  <testcase classname="${xml(problem)}" name="${xml(name)}"`;
  return parts.length === 0 ? `${open}/>` : [`${open}>`, ...parts, "  </testcase>"].join("\n");
};

const lineOf = ({ where, line, message }: Finding): string =>
  `${where}${line === null ? "" : `:${line}`}: ${message}`;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** XML has no way at all to write most control characters; U+FFFD stands for them. */
const xml = (text: string): string =>
  text
    .toWellFormed()
    // oxlint-disable-next-line no-control-regex -- control characters are what this looks for
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu, "\ufffd")
    .replace(/[&<>"']/gu, (character) => entities[character] ?? character);
