import type { Limits, SourceFile } from "@assay/contracts";
import type { Language } from "@assay/languages";
import type { Sandbox } from "@assay/sandbox";
import type { Program } from "../compile.ts";
import type { PackageFiles } from "../package/files.ts";
import type { ProblemPackage, TestCase } from "../package/types.ts";
import type { PreparedJudge } from "../prepared-judge.ts";

/** What all tests of one submission share. */
export interface TestContext {
  readonly package: ProblemPackage;
  readonly packageFiles: PackageFiles;
  /** The submission as it was sent. */
  readonly files: readonly SourceFile[];
  readonly language: Language;
  readonly sandbox: Sandbox;
  readonly judge: PreparedJudge;
  /** Whether evidence may show the answers of secret tests: only to someone who owns the package. */
  readonly revealAnswers: boolean;
  /** Whether output that differs in white space only is PE: the package's wish or the policy's. */
  readonly presentationErrors: boolean;
  readonly provenance: { readonly image: { readonly digest: string } };
}

/** One test about to be judged. */
export interface TestRun {
  readonly context: TestContext;
  readonly program: Program;
  readonly test: TestCase;
  /** Of the submission. */
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

/** Whether what a program or a validator said of this test may be told like its answer. */
export const mayShow = ({ revealAnswers }: TestContext, test: TestCase): boolean =>
  test.sample || test.fullFeedback || revealAnswers;

/** Samples of 2025-09 give no score, and a validator need not know that. */
export const scoresCount = ({ package: problem }: TestContext, test: TestCase): boolean =>
  problem.type.scoring && !(test.sample && problem.formatVersion === "2025-09");
