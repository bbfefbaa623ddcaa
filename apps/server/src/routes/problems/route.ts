import { AssayError, routes } from "@assay/contracts";
import { Answer, mount } from "../../http/mount.ts";
import type { Mounting } from "../../http/mount.ts";
import type { Caller } from "../../access/policy.ts";
import { readUntil } from "../../jobs/waiting.ts";
import type { Holding } from "../../jobs/watch.ts";
import { findProblem, listProblems, presentProblem } from "../../problems/problems.ts";
import type { ProblemRow } from "../../problems/problems.ts";
import { currentState } from "../../problems/verification-state.ts";
import { uploadProblem } from "../../problems/upload.ts";
import type { Services } from "../../services.ts";
import { uploadedFile } from "./uploaded-file.ts";

export function mountProblems(mounting: Mounting, services: Services): void {
  const { config, database } = services;

  mount(
    mounting,
    routes.uploadProblem,
    async ({ request, query, caller, correlationId, signal, log }) => {
      const file = await uploadedFile(request);
      const upload = { ...file, shortName: query.shortName ?? null, correlationId };
      const { problem, created } = await uploadProblem(services, caller, upload);
      log.info({ problemId: problem.id, jobId: problem.verificationJob, created }, "package uploaded");
      const row = await problemWhenVerified(services, caller, problem, { seconds: query.wait, signal });
      return new Answer(created ? 201 : 200, presentProblem(row, caller));
    },
    { bodyLimit: config.maxPackageBytes },
  );

  mount(mounting, routes.listProblems, async ({ query, caller }) => {
    const { rows, nextCursor } = await listProblems(database, caller.organizationId, query);
    return { items: rows.map((row) => presentProblem(row, caller)), nextCursor };
  });

  mount(mounting, routes.getProblem, async ({ params, query, caller, signal }) => {
    const problem = await findProblem(database, caller.organizationId, params.id);
    if (problem === null) throw new AssayError("not_found", "There is no such problem here.");
    const row = await problemWhenVerified(services, caller, problem, { seconds: query.wait, signal });
    return presentProblem(row, caller);
  });
}

/** The problem, once its verification has ended or the holding ends. */
async function problemWhenVerified(
  { database, hub }: Services,
  { organizationId }: Caller,
  problem: ProblemRow,
  holding: Holding,
): Promise<ProblemRow> {
  const { id, verificationJob } = problem;
  if (verificationJob === null || currentState(problem) !== "pending" || holding.seconds === 0)
    return problem;
  using watch = hub.watchSettled(verificationJob);
  const read = () => findProblem(database, organizationId, id);
  const row = await readUntil(
    watch,
    read,
    (found) => found === null || currentState(found) !== "pending",
    holding,
  );
  if (row === null) throw new AssayError("not_found", "There is no such problem here.");
  return row;
}
