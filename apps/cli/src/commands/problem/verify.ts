import { stat, writeFile } from "node:fs/promises";
import { ApiError, type Client } from "@assay/client";
import type { ErrorIssue, Finding, Problem, TimeLimit, VerifiedSubmission } from "@assay/contracts";
import { directoryFiles, inspectPackage, type ProblemPackage } from "@assay/judging";
import type { Command } from "commander";
import { interruptSignal, printJson } from "../../command.ts";
import { connect, embed } from "../../connection.ts";
import { CommandFailure, exitCode, usageError, type ExitCode } from "../../exit.ts";
import { junit } from "../../output/junit.ts";
import { printable } from "../../output/text.ts";
import { verification } from "../../output/verification.ts";
import { uploadPackage, whenVerified } from "../../upload.ts";

interface VerifyOptions {
  readonly server: boolean;
  readonly json: boolean;
  readonly junit?: string;
}

/** What is told of a package; `--json` prints it as it is. */
export interface Verification {
  readonly problem: string;
  readonly accepted: boolean;
  readonly findings: readonly Finding[];
  readonly submissions: readonly VerifiedSubmission[];
  readonly timeLimit: TimeLimit | null;
}

export function registerVerify(problem: Command): void {
  problem
    .command("verify")
    .description("check a problem package: its format, its validators, its submissions, its time limit")
    .argument("<package>", "a problem package's directory, zip or tar.gz")
    .option("--server", "on the server at ASSAY_URL, which then has the package, instead of here", false)
    .option("--json", "one JSON object", false)
    .option("--junit <file>", "write the result as JUnit XML as well")
    .action(async (path: string, options: VerifyOptions) => {
      process.exitCode = await verify(path, options);
    });
}

async function verify(path: string, options: VerifyOptions): Promise<ExitCode> {
  const signal = interruptSignal();
  const result = await resultFor(path, options, signal);
  if (options.json) printJson(result);
  else process.stdout.write(`${verification(result)}\n`);
  if (options.junit !== undefined) await writeFile(options.junit, junit(result));
  return result.accepted ? exitCode.ok : exitCode.notSo;
}

async function resultFor(path: string, options: VerifyOptions, signal: AbortSignal): Promise<Verification> {
  const isDirectory = (await stat(path)).isDirectory();
  // What can be told without running anything needs no server, and no root.
  const inspected = isDirectory ? await inspectPackage(directoryFiles(path)) : null;
  if (inspected !== null && inspected.problem === null) {
    return refused(path, inspected.errors, inspected.warnings);
  }
  const languages = inspected?.problem ? languagesOf(inspected.problem) : ["python", "cpp"];
  await using connection = options.server
    ? await connect(signal)
    : await embed(languages, signal, { verifyUploads: true });
  try {
    const uploaded = await uploadPackage(connection.client, path, signal);
    return verifiedBy(await watched(connection.client, uploaded, options, signal));
  } catch (error) {
    if (!(error instanceof ApiError) || !error.code.startsWith("package_")) throw error;
    const issues =
      error.issues.length > 0 ? error.issues : [{ where: path, line: null, message: error.message }];
    return refused(path, issues, []);
  }
}

const watched = async (
  client: Client,
  problem: Problem,
  { json }: VerifyOptions,
  signal: AbortSignal,
): Promise<Problem> =>
  await whenVerified(client, problem, signal, (event) => {
    if (event.type !== "progress" || json) return;
    process.stderr.write(`  ${event.done}/${event.total} ${event.check}: ${printable(event.subject)}\n`);
  });

const languagesOf = ({
  submissions,
  outputValidators,
  inputValidators,
  staticValidator,
}: ProblemPackage): string[] => {
  const programs = [
    ...outputValidators,
    ...(staticValidator === null ? [] : [staticValidator]),
    ...inputValidators.flatMap((each) => (each.kind === "program" ? [each.program] : [])),
  ];
  const named = programs.flatMap(({ kind }) =>
    kind.how === "language" ? [kind.language] : ["python", "cpp"],
  );
  return [...new Set([...named, ...submissions.flatMap(({ language }) => language ?? [])])];
};

const asFindings = (severity: Finding["severity"], issues: readonly ErrorIssue[]): Finding[] =>
  issues.map(({ where, line, message }) => ({ severity, check: "structure", where, line, message }));

const refused = (
  path: string,
  errors: readonly ErrorIssue[],
  warnings: readonly ErrorIssue[],
): Verification => {
  return {
    problem: path,
    accepted: false,
    findings: [...asFindings("error", errors), ...asFindings("warning", warnings)],
    submissions: [],
    timeLimit: null,
  };
};

const verifiedBy = ({ shortName, verification: found }: Problem): Verification => {
  const { state, reason, findings, submissions, timeLimit } = found;
  if (state === "unverified" || state === "pending") {
    throw new CommandFailure(
      exitCode.platform,
      `${shortName} was not verified: ${reason ?? "no reason is told"}`,
    );
  }
  if (state === "refused" && findings.length === 0) throw usageError(`${shortName}: ${reason ?? "refused"}`);
  return { problem: shortName, accepted: state === "accepted", findings, submissions, timeLimit };
};
