import { AssayError, routes } from "@assay/contracts";
import { mount } from "../../http/mount.ts";
import type { Mounting } from "../../http/mount.ts";
import { admitJob } from "../../jobs/admit.ts";
import { listSubmissions, presentSubmission } from "../../jobs/read.ts";
import { waitingFor } from "../../jobs/waiting-for.ts";
import { requireSubmission, submissionWhenSettled, viewerOf } from "../../jobs/watch.ts";
import type { Services } from "../../services.ts";
import { sourceBodyLimit } from "../../sources/body-limit.ts";
import { readSubmissionRequest } from "./request.ts";

export function mountSubmissions(mounting: Mounting, services: Services): void {
  mount(
    mounting,
    routes.createSubmission,
    async ({ body, query, caller, correlationId, signal, log }) => {
      const { payload, problem } = await readSubmissionRequest(services, caller, body);
      const admission = { payload, problemId: problem.id, correlationId };
      const { jobId, submissionId } = await admitJob(services, caller, admission);
      if (submissionId === null) throw new AssayError("internal", "The submission was not stored.");
      log.info({ jobId, submissionId, problemId: problem.id }, "submission queued");
      const holding = { seconds: query.wait, signal, isNew: true };
      return submissionWhenSettled(services, caller, { id: submissionId, jobId }, holding);
    },
    { bodyLimit: sourceBodyLimit(services.config) },
  );

  mount(mounting, routes.getSubmission, async ({ params, query, caller, signal }) => {
    const submission = await requireSubmission(services, caller, params.id);
    return submissionWhenSettled(services, caller, submission, { seconds: query.wait, signal });
  });

  mount(mounting, routes.listSubmissions, async ({ query, caller }) => {
    const { rows, nextCursor } = await listSubmissions(services.database, viewerOf(caller), query);
    const runners = await services.fleet.picture(caller.organizationId);
    return { items: rows.map((row) => presentSubmission(row, waitingFor(row, runners))), nextCursor };
  });
}
