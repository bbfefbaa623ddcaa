import { AssayError, standardPolicy } from "@assay/contracts";
import type { JudgePayload, NewSubmission, ProblemSet } from "@assay/contracts";
import { isAmong } from "@assay/languages";
import type { z } from "zod";
import { mayDo } from "../../access/policy.ts";
import type { Caller } from "../../access/policy.ts";
import { chooseLanguage } from "../../jobs/choose-language.ts";
import { findProblemSet, problemInSet, requireInSet } from "../../problem-sets/problem-sets.ts";
import { findProblem } from "../../problems/problems.ts";
import type { ProblemRow } from "../../problems/problems.ts";
import { requireJudgeable } from "../../problems/verification-state.ts";
import type { Services } from "../../services.ts";
import { readSources } from "../../sources/sources.ts";

/**
 * Everything that can be wrong with a submission, before any row is written.
 *
 * @throws AssayError `unknown_language`, `unknown_problem_set`, `problem_not_in_set`, `unknown_problem`,
 * `problem_refused`, `problem_not_measured`, `language_not_allowed`, and those of the sources
 */
export async function readSubmissionRequest(
  services: Services,
  { organizationId, role }: Caller,
  body: z.output<typeof NewSubmission>,
): Promise<{ payload: JudgePayload; problem: ProblemRow; problemSet: ProblemSet | null }> {
  const { config, database } = services;
  const language = await chooseLanguage(services, organizationId, body.language, body.requires.isolation);
  const problemSet =
    body.problemSet === null ? null : await findProblemSet(database, organizationId, body.problemSet);
  const asked = problemSet === null ? body.problem : problemInSet(problemSet, body.problem);
  const problem = await findProblem(database, organizationId, asked);
  if (problem === null)
    throw new AssayError("unknown_problem", `There is no problem ${JSON.stringify(body.problem)} here.`);
  if (problemSet !== null) requireInSet(problemSet, problem.shortName);
  const timeMs = requireJudgeable(problem, {
    mayRead: mayDo(role, "problems:write"),
    verifyUploads: config.verifyUploads,
  });
  const { languages } = problem.summary;
  if (languages !== "all" && !isAmong(language, languages)) {
    throw new AssayError(
      "language_not_allowed",
      `The problem ${problem.shortName} takes ${languages.join(", ") || "no language of this server"}, not ${language.id}.`,
    );
  }
  const limit = Math.min(problem.limits.codeBytes, config.maxSourceBytes);
  const files = readSources(body, language.defaultSource, limit);
  return {
    problem,
    problemSet,
    payload: {
      kind: "judge",
      language: language.id,
      files,
      manifest: problem.manifest,
      mode: body.mode,
      timeMs,
      policy: problemSet?.policy ?? standardPolicy,
      requires: body.requires,
    },
  };
}
