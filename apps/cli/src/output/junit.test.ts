import type { Finding, VerifiedSubmission } from "@assay/contracts";
import { expect, test } from "vitest";
import { junit } from "./junit.ts";
import { verification } from "./verification.ts";

const submission = (path: string, verdict: VerifiedSubmission["verdict"]): VerifiedSubmission => ({
  path,
  language: "python",
  verdict,
  score: null,
  cpuMs: 3,
  promise: "each test AC",
  kept: verdict === "AC",
});
const finding = (severity: Finding["severity"], check: string, where: string, message: string): Finding => ({
  severity,
  check,
  where,
  line: where === "problem.yaml" ? 3 : null,
  message,
});

const result = {
  problem: "a<b",
  accepted: false,
  findings: [
    finding("error", "submissions", "submissions/accepted/b.py", 'gets "WA" & no \u001b[31m'),
    finding("error", "structure", "problem.yaml", "unknown key"),
    finding("warning", "test-data", "data/secret/1.in", "the same twice"),
    finding("error", "another-check", "x", "what has no case of its own"),
  ],
  submissions: [
    submission("submissions/accepted/a.py", "AC"),
    submission("submissions/accepted/b.py", "WA"),
    submission("submissions/accepted/c.rb", null),
  ],
  timeLimit: { ms: 1500, source: "measured", slowestAcceptedMs: 300, fastestTooSlowMs: null },
} as const;

test("JUnit has a case for each check and each submission, and nothing that XML can't hold", () => {
  const xml = junit(result);
  expect(xml).toContain('<testsuite name="a&lt;b" tests="10" failures="2" errors="0" skipped="1">');
  expect(xml).toContain('message="problem.yaml:3: unknown key"');
  expect(xml).toContain("x: what has no case of its own");
  expect(xml).toContain("gets &quot;WA&quot; &amp; no \ufffd[31m</failure>");
  expect(xml).toContain("<system-out>data/secret/1.in: the same twice</system-out>");
  expect(xml).toMatch(/name="submissions\/accepted\/c.rb">\n {4}<skipped\/>/);
  expect(xml).toContain('name="submissions/accepted/a.py"/>');
});

test("the text names file and line, and obeys no program", () => {
  const text = verification(result);
  expect(text).toContain("problem.yaml:3: unknown key");
  expect(text).toContain("\\u001b[31m");
  expect(text).not.toContain("no \u001b[31m");
  expect(text).toContain("time limit: 1.5 s, measured; the slowest that must be in time takes 300 ms");
  expect(text).toMatch(/\(3 errors, 1 warnings\)$/);
});
