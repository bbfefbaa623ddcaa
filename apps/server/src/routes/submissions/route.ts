import { AssayError, routes } from "@assay/contracts";
import type { Submission } from "@assay/contracts";
import type { FastifyRequest } from "fastify";
import { mount } from "../../http/mount.ts";
import type { Mounting } from "../../http/mount.ts";
import { admitJob } from "../../jobs/admit.ts";
import { explainedJob, messageLanguageOf } from "../../jobs/explained.ts";
import { listSubmissions, presentSubmission } from "../../jobs/read.ts";
import { submissionFilter } from "../../jobs/submission-filter.ts";
import { waitingFor } from "../../jobs/waiting-for.ts";
import { requireSubmission, submissionWhenSettled, viewerOf } from "../../jobs/watch.ts";
import type { Services } from "../../services.ts";
import { sourceBodyLimit } from "../../sources/body-limit.ts";
import { readSubmissionRequest } from "./request.ts";

const explained = (submission: Submission, request: FastifyRequest): Submission => ({
  ...submission,
  job: explainedJob(submission.job, messageLanguageOf(request)),
});

export function mountSubmissions(mounting: Mounting, services: Services): void {
  mount(
    mounting,
    routes.createSubmission,
    async ({ body, query, caller, correlationId, request, signal, log }) => {
      const { payload, problem, problemSet } = await readSubmissionRequest(services, caller, body);
      const problemSetId = problemSet?.id ?? null;
      const admission = { payload, problemId: problem.id, problemSetId, correlationId };
      const { jobId, submissionId } = await admitJob(services, caller, admission);
      if (submissionId === null) throw new AssayError("internal", "The submission was not stored.");
      log.info({ jobId, submissionId, problemId: problem.id }, "submission queued");
      const holding = { seconds: query.wait, signal, isNew: true };
      const submission = await submissionWhenSettled(services, caller, { id: submissionId, jobId }, holding);
      return explained(submission, request);
    },
    { bodyLimit: sourceBodyLimit(services.config) },
  );

  mount(mounting, routes.getSubmission, async ({ params, query, caller, request, signal }) => {
    const submission = await requireSubmission(services, caller, params.id);
    const holding = { seconds: query.wait, signal };
    return explained(await submissionWhenSettled(services, caller, submission, holding), request);
  });

  mount(mounting, routes.listSubmissions, async ({ query, caller, request }) => {
    const { database } = services;
    const filter = await submissionFilter(database, caller.organizationId, {
      ...(query.problem === undefined ? {} : { problems: [query.problem] }),
      ...(query.language === undefined ? {} : { languages: [query.language] }),
      ...(query.verdict === undefined ? {} : { verdicts: [query.verdict] }),
      problemSet: query.problemSet,
      since: query.since,
      until: query.until,
    });
    const { rows, nextCursor } = await listSubmissions(database, viewerOf(caller), filter, query);
    const runners = await services.fleet.picture(caller.organizationId);
    return {
      items: rows.map((row) => explained(presentSubmission(row, waitingFor(row, runners)), request)),
      nextCursor,
    };
  });
}
