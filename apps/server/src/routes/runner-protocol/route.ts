import { routes } from "@assay/contracts";
import { mount } from "../../http/mount.ts";
import type { Mounting } from "../../http/mount.ts";
import { ManifestCache, attemptBlob } from "../../leases/attempt-blob.ts";
import { beatAttempts } from "../../leases/beat.ts";
import { tellEvents } from "../../leases/events.ts";
import { attemptInput } from "../../leases/input.ts";
import { leaseJobs } from "../../leases/lease.ts";
import { settleAttempt } from "../../leases/settle.ts";
import type { Services } from "../../services.ts";
import { resultBodyLimit } from "../../sources/body-limit.ts";

const attemptOf = ({ id, attempt }: { id: string; attempt: number }) => ({ jobId: id, attempt });
const registrationLimit = 1024 * 1024;

export function mountRunnerProtocol(mounting: Mounting, services: Services): void {
  const { config, fleet, log } = services;
  const manifests = new ManifestCache();
  const results = { bodyLimit: resultBodyLimit(config), quiet: true };

  mount(
    mounting,
    routes.registerRunner,
    async ({ body, caller }) => {
      const runnerId = await fleet.register(caller.organizationId, body);
      log.info({ runnerId, runner: body.name, slots: body.slots }, "runner registered");
      return { runnerId, leaseSeconds: config.leaseSeconds, beatSeconds: config.leaseSeconds / 3 };
    },
    { bodyLimit: registrationLimit },
  );

  mount(
    mounting,
    routes.leaseJobs,
    async ({ body, caller, signal, reply }) => {
      const clientLeft = () => reply.raw.destroyed;
      const jobs = await leaseJobs(services, caller, body, { signal, clientLeft });
      for (const { jobId, attempt, correlationId } of jobs)
        log.info({ jobId, attempt, correlationId, runnerId: body.runnerId }, "job leased");
      return { jobs };
    },
    { quiet: true },
  );

  mount(mounting, routes.beat, ({ body, caller }) => beatAttempts(services, caller, body), {
    bodyLimit: registrationLimit,
    quiet: true,
  });

  mount(
    mounting,
    routes.appendEvents,
    ({ params, body, caller }) => tellEvents(services, caller, attemptOf(params), body),
    results,
  );

  mount(
    mounting,
    routes.settle,
    async ({ params, body, caller }) => {
      const { correlationId } = await settleAttempt(services, caller, attemptOf(params), body);
      const { how } = body.settlement;
      log.info({ jobId: params.id, attempt: params.attempt, correlationId, how }, "attempt settled");
      return {};
    },
    results,
  );

  mount(
    mounting,
    routes.readAttemptBlob,
    ({ params, caller }) =>
      attemptBlob(services, manifests, caller, { ...attemptOf(params), digest: params.digest }),
    { quiet: true },
  );

  mount(
    mounting,
    routes.readAttemptInput,
    async ({ params, query, caller, signal }) => {
      const asked = { ...attemptOf(params), after: query.after };
      return { inputs: await attemptInput(services, caller, asked, { seconds: query.wait, signal }) };
    },
    { quiet: true },
  );
}
