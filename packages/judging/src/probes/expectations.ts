import { defaultRunLimits } from "@assay/contracts";
import type { Limits, RunResult } from "@assay/contracts";
import type { Language, ProbeName } from "@assay/languages";

const MiB = 1024 * 1024;

/** How a probe's program is run and what it has to do. */
export interface Expectation {
  readonly args: readonly string[];
  readonly stdin: string;
  readonly limits: Partial<Limits>;
  readonly stopAtOutputLimit: boolean;
  /** What was wrong, as a sentence without a full stop; null when all was as it should be. */
  readonly fault: (result: RunResult, language: Pick<Language, "translation">) => string | null;
}

const cpuLimitMs = 1_000;

const shown = (text: string): string => {
  const short = text.length > 160 ? `${text.slice(0, 160)}…` : text;
  return short === "" ? "nothing" : JSON.stringify(short);
};

/** How it ended, for a reader who expected something else. */
const end = (result: RunResult): string => {
  const { outcome } = result;
  if (outcome === null) return `it was not compiled: ${shown(result.compile?.output ?? "")}`;
  const how = outcome.status === "exited" ? `it exited with ${outcome.exitCode}` : result.evidence.text;
  return `${how} and printed ${shown(result.stdout.text)}, to standard error ${shown(result.stderr.text)}`;
};

const prints =
  (expected: string): Expectation["fault"] =>
  (result) =>
    result.outcome?.status === "exited" && result.outcome.exitCode === 0 && result.stdout.text === expected
      ? null
      : `it should exit with 0 and print ${shown(expected)}; ${end(result)}`;

const plain: Omit<Expectation, "fault"> = { args: [], stdin: "", limits: {}, stopAtOutputLimit: false };

const words = ["one", "two words", "--third", "vierte: ü∑🙂", "*"];

/** 1 MB of lines with letters of one to four bytes. */
const line = "The quick brown fox; Größe, naïveté; Ελληνικά; Русский; 日本語; ∑∞≠; 🙂🚀. 0123456789\n";
const alphabets = line.repeat(Math.ceil(1_000_000 / Buffer.byteLength(line)));

const stoppedBy =
  (status: "cpu_limit" | "output_limit"): Expectation["fault"] =>
  (result) =>
    result.outcome?.status === status
      ? null
      : `it should be stopped by the ${status === "cpu_limit" ? "CPU" : "output"} limit; ${end(result)}`;

const isRefused: Expectation["fault"] = (result, { translation }) => {
  if (translation !== "interpreted") {
    const { compile } = result;
    const refused = compile?.succeeded === false && compile.outcome.status === "exited";
    return refused && compile.output.trim() !== ""
      ? null
      : `it should be refused with a message; ${end(result)}`;
  }
  const failed = result.outcome?.status === "exited" && result.outcome.exitCode !== 0;
  return failed && result.stderr.text + result.stdout.text !== ""
    ? null
    : `it should fail with a message; ${end(result)}`;
};

export const expectations: Readonly<Record<ProbeName, Expectation>> = {
  hello: { ...plain, fault: prints("Hello, World!\n") },
  echo: {
    ...plain,
    stdin: alphabets,
    limits: { outputBytes: 4 * MiB },
    fault: (result) => {
      const { outcome, stdout } = result;
      if (outcome?.status === "exited" && outcome.exitCode === 0 && stdout.text === alphabets) return null;
      let same = 0;
      while (same < alphabets.length && stdout.text[same] === alphabets[same]) same += 1;
      return `it should copy its input; of ${alphabets.length} UTF-16 units came ${stdout.text.length}, the first difference at ${same}; ${end(result)}`;
    },
  },
  arguments: { ...plain, args: words, fault: prints(words.map((word) => `${word}\n`).join("")) },
  files: { ...plain, fault: prints("42\n") },
  "compile-error": { ...plain, fault: isRefused },
  "exit-code": {
    ...plain,
    fault: (result) =>
      result.outcome?.status === "exited" &&
      result.outcome.exitCode === 7 &&
      result.stderr.text.includes("out of order")
        ? null
        : `it should write "out of order" to standard error and exit with 7; ${end(result)}`,
  },
  exception: {
    ...plain,
    fault: (result) => {
      const { outcome } = result;
      const failed =
        (outcome?.status === "exited" &&
          outcome.exitCode !== 0 &&
          // Algol 68 Genie says everything on standard output.
          `${result.stderr.text}${result.stdout.text}`.trim() !== "") ||
        outcome?.status === "signalled";
      return failed ? null : `it should fail, and say so or be ended by a signal; ${end(result)}`;
    },
  },
  loop: { ...plain, limits: { cpuMs: cpuLimitMs }, fault: stoppedBy("cpu_limit") },
  memory: {
    ...plain,
    limits: { memoryBytes: 256 * MiB, cpuMs: 20_000, wallMs: 60_000 },
    fault: (result) => {
      const { outcome } = result;
      const isHeld =
        outcome?.status === "memory_limit" ||
        outcome?.status === "signalled" ||
        (outcome?.status === "exited" && outcome.exitCode !== 0);
      return isHeld && !result.stdout.text.includes("too much")
        ? null
        : `it should not get 1 GB; ${end(result)}`;
    },
  },
  output: {
    ...plain,
    limits: { outputBytes: MiB, cpuMs: 20_000, wallMs: 60_000 },
    stopAtOutputLimit: true,
    fault: stoppedBy("output_limit"),
  },
  threads: { ...plain, fault: prints("42\n") },
  socket: { ...plain, fault: prints("refused\n") },
  unicode: { ...plain, fault: prints("Grüße, 世界! ∑ 🙂\n") },
};

/** Enough for every language; a probe says what it wants otherwise. */
export const probeLimits = (own: Partial<Limits>): Limits => ({
  ...defaultRunLimits,
  memoryBytes: 256 * MiB,
  ...own,
});
