import { Readable } from "node:stream";
import { AssayError, routes } from "@assay/contracts";
import { mount } from "../../http/mount.ts";
import type { Mounting } from "../../http/mount.ts";
import { cancelJob } from "../../jobs/cancel.ts";
import { listJobs, presentJob } from "../../jobs/read.ts";
import { explainedJob, messageLanguageOf } from "../../jobs/explained.ts";
import { lastEventId, tellStory } from "../../jobs/story.ts";
import { waitingFor } from "../../jobs/waiting-for.ts";
import { jobWhenSettled, viewerOf } from "../../jobs/watch.ts";
import type { Services } from "../../services.ts";

export function mountJobs(mounting: Mounting, services: Services): void {
  mount(mounting, routes.getJob, async ({ params, query, caller, request, signal }) => {
    const { job } = await jobWhenSettled(services, caller, params.id, { seconds: query.wait, signal });
    return explainedJob(job, messageLanguageOf(request));
  });

  mount(mounting, routes.listJobs, async ({ query, caller, request }) => {
    const language = messageLanguageOf(request);
    const { rows, nextCursor } = await listJobs(services.database, viewerOf(caller), query);
    const runners = await services.fleet.picture(caller.organizationId);
    return {
      items: rows.map((row) => explainedJob(presentJob(row, waitingFor(row, runners)), language)),
      nextCursor,
    };
  });

  mount(mounting, routes.cancelJob, async ({ params, caller, request, log, signal }) => {
    await cancelJob(services, { jobId: params.id, ...viewerOf(caller) });
    log.info({ jobId: params.id }, "job withdrawn");
    const { job } = await jobWhenSettled(services, caller, params.id, { seconds: 0, signal });
    return explainedJob(job, messageLanguageOf(request));
  });

  mount(mounting, routes.jobEvents, async ({ params, query, caller, request, reply, signal }) => {
    const after = lastEventId(request.headers["last-event-id"]) ?? query.lastEventId ?? 0;
    const viewer = viewerOf(caller);
    const job = await services.jobReads.add({ id: params.id, ...viewer });
    if (job === null) throw new AssayError("not_found", "There is no such job here.");
    reply.header("content-type", "text/event-stream").header("cache-control", "no-store");
    reply.header("x-accel-buffering", "no");
    return Readable.from(
      tellStory(services, params.id, { after, sight: viewer, language: messageLanguageOf(request), signal }),
      {
        objectMode: false,
      },
    );
  });
}
