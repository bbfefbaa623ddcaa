import { AssayError, routes } from "@assay/contracts";
import type { Run } from "@assay/contracts";
import type { MessageLanguage } from "@assay/languages";
import { mayDo } from "../../access/policy.ts";
import { mount } from "../../http/mount.ts";
import type { Mounting } from "../../http/mount.ts";
import { admitJob } from "../../jobs/admit.ts";
import { chooseLanguage } from "../../jobs/choose-language.ts";
import { explainedJob, messageLanguageOf } from "../../jobs/explained.ts";
import { languageOfQueue } from "../../jobs/queue-name.ts";
import { jobWhenSettled } from "../../jobs/watch.ts";
import type { Services } from "../../services.ts";
import { runBodyLimit } from "../../sources/body-limit.ts";
import { readRunRequest } from "./request.ts";

type Held = Awaited<ReturnType<typeof jobWhenSettled>>;

function presentRun({ row, job }: Held, language: MessageLanguage): Run {
  if (job.kind !== "run") throw new AssayError("not_found", "This job is not a run.");
  const { result } = explainedJob(job, language);
  return { ...job, language: languageOfQueue(row.queue), result: result?.kind === "run" ? result : null };
}

export function mountRuns(mounting: Mounting, services: Services): void {
  mount(
    mounting,
    routes.createRun,
    async ({ body, query, caller, correlationId, request, signal, log }) => {
      const { organizationId } = caller;
      // Whoever runs a program in an image can read all of it.
      if (body.image !== undefined && !mayDo(caller.role, "images:read"))
        throw new AssayError("forbidden", `The role ${caller.role} may not choose the image of a run.`);
      const language = await chooseLanguage(services, organizationId, body.language, body.requires.isolation);
      const payload = readRunRequest(services.config, language, body);
      const { jobId } = await admitJob(services, caller, { payload, problemId: null, correlationId });
      log.info({ jobId }, "run queued");
      const holding = { seconds: query.wait, signal, isNew: true };
      return presentRun(await jobWhenSettled(services, caller, jobId, holding), messageLanguageOf(request));
    },
    { bodyLimit: runBodyLimit(services.config) },
  );

  mount(mounting, routes.getRun, async ({ params, query, caller, request, signal }) =>
    presentRun(
      await jobWhenSettled(services, caller, params.id, { seconds: query.wait, signal }),
      messageLanguageOf(request),
    ),
  );
}
