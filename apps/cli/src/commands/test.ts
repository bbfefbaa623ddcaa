import { spawn } from "node:child_process";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { styleText } from "node:util";
import { coreRecipes } from "@assay/images";
import { languages } from "@assay/languages";
import type { Command } from "commander";
import { interruptSignal } from "../command.ts";
import { exitCode, usageError, type ExitCode } from "../exit.ts";
import { ensureImages } from "../stack/ensure-images.ts";
import { checkout, defaultImagesDirectory } from "../stack/paths.ts";

interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** One step of the gate: a command, and how the tests in it are counted. */
interface Stage {
  readonly name: string;
  readonly command: readonly string[];
  /** Null when the summary is missing or says nothing; then the exit code alone counts, as one check. */
  readonly tally: (output: string) => Promise<Tally | null>;
  /** The exit code with which it says that this machine can't run it; its last line says why. */
  readonly skippedCode?: number;
}

const tool = (path: string): string => join(checkout, "node_modules", path);
const vitestReport = join(checkout, ".cache/vitest.json");
const oneCheck = () => Promise.resolve(null);

/** The languages whose probes belong to the gate; those of the others take too long for it. */
const coreLanguages = ["c", "cpp", "python", "java", "javascript", "go", "rust"].filter((id) =>
  languages.has(id),
);

const stages: readonly Stage[] = [
  check("types", [tool("typescript/bin/tsc"), "--noEmit"]),
  check("lint", [tool("oxlint/bin/oxlint"), "--type-aware", "--deny-warnings"]),
  check("format", [tool("oxfmt/bin/oxfmt"), "--check", "."]),
  check("boundaries", [
    "--import",
    "./scripts/typescript-6-for-tools.mjs",
    tool("dependency-cruiser/bin/dependency-cruiser.mjs"),
    "--config",
    ".dependency-cruiser.js",
    "packages",
    "apps",
    "bench",
  ]),
  check("unused", [tool("knip/bin/knip.js")]),
  { name: "native", command: ["make", "-s", "-C", "native", "test"], tally: lastLineTally },
  {
    name: "languages",
    command: [
      process.execPath,
      join(checkout, "apps/cli/src/main.ts"),
      "languages",
      "test",
      ...coreLanguages,
    ],
    tally: languagesTally,
  },
  { name: "vm", command: ["native/test/vm/run", "--gate"], tally: lastLineTally, skippedCode: 77 },
  {
    name: "vitest",
    command: [
      process.execPath,
      tool("vitest/vitest.mjs"),
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${vitestReport}`,
    ],
    tally: vitestTally,
  },
];

function check(name: string, command: readonly string[]): Stage {
  return { name, command: [process.execPath, ...command], tally: oneCheck };
}

export function registerTest(program: Command): void {
  program
    .command("test")
    .description("every check and test of the project; the gate of every change")
    .argument("[stage...]", `only these: ${stages.map((stage) => stage.name).join(", ")}`)
    .action(async (names: string[]) => {
      process.exitCode = await test(names);
    });
}

/** Runs the stages one after the other, all of them even when one is red, and adds up. */
async function test(names: readonly string[]): Promise<ExitCode> {
  const signal = interruptSignal();
  for (const name of names)
    if (!stages.some((stage) => stage.name === name)) throw usageError(`there is no stage ${name}`);
  const chosen = stages.filter((stage) => names.length === 0 || names.includes(stage.name));
  if (chosen.some((stage) => stage.name === "vitest"))
    await ensureImages(
      defaultImagesDirectory(),
      coreRecipes.map((recipe) => recipe.name),
      signal,
    );
  await mkdir(join(checkout, ".cache"), { recursive: true });
  await rm(vitestReport, { force: true });

  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const stage of chosen) {
    process.stdout.write(`${styleText("bold", `── ${stage.name}`)}\n`);
    const since = performance.now();
    const { code, output } = await runStage(stage, signal);
    const counted = await count(stage, code, output);
    total.passed += counted.passed;
    total.failed += counted.failed;
    total.skipped += counted.skipped;
    const seconds = ((performance.now() - since) / 1000).toFixed(1);
    process.stdout.write(`── ${stage.name} ${verdict(stage, code)} in ${seconds} s\n\n`);
    signal.throwIfAborted();
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
  process.stdout.write(`${total.passed} passed, ${total.failed} failed${skipped}\n`);
  return total.failed === 0 ? exitCode.ok : exitCode.notSo;
}

/** What the stage says of itself; its exit code where that says less. */
async function count(stage: Stage, code: number, output: string): Promise<Tally> {
  if (code === stage.skippedCode) return { passed: 0, failed: 0, skipped: 1 };
  const counted = await stage.tally(output);
  if (counted === null) return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
}

function verdict(stage: Stage, code: number): string {
  if (code === 0) return styleText("green", "passed");
  if (code === stage.skippedCode) return styleText("yellow", "skipped");
  return styleText("red", `failed (exit code ${code})`);
}

/** The stage's output goes to ours as it comes; its end is kept for the summary. */
async function runStage(stage: Stage, signal: AbortSignal): Promise<{ code: number; output: string }> {
  const [program, ...args] = stage.command;
  if (program === undefined) throw new Error(`stage ${stage.name} has no command`);
  const child = spawn(program, args, { cwd: checkout, stdio: ["ignore", "pipe", "pipe"], signal });
  let output = "";
  const keep = (chunk: Buffer): void => {
    process.stdout.write(chunk);
    output = (output + chunk.toString("utf8")).slice(-100_000);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const code = await new Promise<number>((resolve) => {
    child.once("error", (error) => {
      process.stdout.write(`${error.message}\n`);
      resolve(-1);
    });
    child.once("close", (exit) => resolve(exit ?? -1));
  });
  return { code, output };
}

/** `N of M language versions passed every probe`, as the last line. */
function languagesTally(output: string): Promise<Tally | null> {
  const match = /^(\d+) of (\d+) language versions passed/.exec(output.trimEnd().split("\n").at(-1) ?? "");
  if (!match) return Promise.resolve(null);
  const [passed, all] = [Number(match[1]), Number(match[2])];
  return Promise.resolve({ passed, failed: all - passed, skipped: 0 });
}

/** `N passed, N failed` with `, N skipped` where so, as the last line. */
function lastLineTally(output: string): Promise<Tally | null> {
  const match = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/.exec(
    output.trimEnd().split("\n").at(-1) ?? "",
  );
  if (!match) return Promise.resolve(null);
  const [, passed, failed, skipped] = match;
  return Promise.resolve({ passed: Number(passed), failed: Number(failed), skipped: Number(skipped ?? 0) });
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Names what was skipped; by convention a name that can be skipped says what it needs. */
async function vitestTally(): Promise<Tally | null> {
  const text = await readFile(vitestReport, "utf8").catch(() => null);
  if (text === null) return null;
  const report: VitestReport = JSON.parse(text);
  const skipped = report.testResults
    .flatMap((file) => file.assertionResults)
    .filter((one) => one.status !== "passed" && one.status !== "failed");
  for (const { fullName } of skipped) process.stdout.write(`skipped: ${fullName}\n`);
  return { passed: report.numPassedTests, failed: report.numFailedTests, skipped: skipped.length };
}
