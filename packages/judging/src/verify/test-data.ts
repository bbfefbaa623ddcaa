import { createHash } from "node:crypto";
import type { Checking } from "./context.ts";

const check = "test-data";

/** Tests that give a program the same twice, and files that look as if an editor had changed them. */
export const checkTestFiles = async ({ problem, files, report }: Checking): Promise<void> => {
  const seen = new Map<string, string>();
  for (const test of problem.tests) {
    const input = await files.read(test.inputPath);
    const hash = createHash("sha256").update(input).update(JSON.stringify(test.args));
    for (const { path, packagePath } of test.files) {
      hash.update(JSON.stringify(path)).update(await files.read(packagePath));
    }
    const digest = hash.digest("hex");
    const same = seen.get(digest);
    if (same === undefined) seen.set(digest, test.name);
    else {
      report.oneOfMany("equal inputs", {
        severity: "warning",
        check,
        where: test.inputPath,
        message: `gives a program the same as data/${same}.in`,
      });
    }
    checkText(report, test.inputPath, input);
    checkText(report, test.answerPath, await files.read(test.answerPath));
  }
};

const checkText = (report: Checking["report"], where: string, bytes: Uint8Array): void => {
  if (bytes.length === 0 || bytes.includes(0)) return;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.includes("\r\n")) {
    const message = "has Windows line ends (CR LF); the format asks for LF alone";
    report.oneOfMany("line ends", { severity: "warning", check, where, message });
  } else if (bytes.at(-1) !== 0x0a) {
    const message = "does not end with a line end";
    report.oneOfMany("last line", { severity: "warning", check, where, message });
  }
};

/** A statement can't show more samples than there are. */
export const checkSamples = async ({ problem, files, report }: Checking): Promise<void> => {
  for (const { path, format } of problem.statements) {
    if (format !== "md" && format !== "tex") continue;
    const text = Buffer.from(await files.read(path)).toString("utf8");
    const next = format === "md" ? /\{\{nextsample\}\}/gu : /\\nextsample(?![a-zA-Z])/gu;
    const asked = [...text.matchAll(next)].length;
    const there = problem.displays.filter(({ name }) => name.startsWith("sample/")).length;
    if (asked > there) {
      report.error("statement", path, `shows ${asked} samples one by one, but there are ${there}`);
    }
  }
};
