import { AssayError } from "@assay/contracts";
import { readFile } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import type { Services } from "../../services.ts";
import { listedLanguages } from "../compatible/catalogue.ts";
import { waitingJobs } from "../compatible/waiting-room.ts";
import { authenticate, authorize } from "./access.ts";
import { judge0Languages } from "./languages.ts";
import type { Judge0Language } from "./languages.ts";
import { batchSize, callbackSeconds, callbackTries, extractKilobytes, judge0Limits } from "./limits.ts";
import { valueOf } from "./query.ts";
import { openStatistics } from "./statistics.ts";
import { statuses } from "./statuses.ts";

/** The version of the interface that is spoken here. */
const interfaceVersion = "1.13.1";
const licence = new URL("../../../../../LICENSE", import.meta.url);
const enoughWaiting = 1_000_000;

/** What the service says of itself. */
export function mountAboutOfJudge0(scope: FastifyInstance, services: Services): void {
  const statistics = openStatistics(services);
  const languages = async (organizationId: string): Promise<Judge0Language[]> =>
    judge0Languages(await listedLanguages(services, organizationId));

  scope.get("/languages", async (request) => {
    const { organizationId } = await authenticate(services, request, "languages:read");
    return (await languages(organizationId)).filter((one) => !one.isArchived && !one.isAlias).map(named);
  });
  scope.get("/languages/all", async (request) => {
    const { organizationId } = await authenticate(services, request, "languages:read");
    return (await languages(organizationId)).map((one) => ({ ...named(one), is_archived: one.isArchived }));
  });
  scope.get<{ Params: { id: string } }>("/languages/:id", async (request) => {
    const { organizationId } = await authenticate(services, request, "languages:read");
    const found = (await languages(organizationId)).find(({ id }) => String(id) === request.params.id);
    if (found === undefined)
      throw new AssayError("not_found", `There is no language with id ${request.params.id.slice(0, 20)}.`);
    return {
      ...named(found),
      is_archived: found.isArchived,
      source_file: found.sourceFile,
      compile_cmd: found.compileCommand,
      run_cmd: found.runCommand,
    };
  });
  scope.get("/statuses", async (request) => {
    await authenticate(services, request, "languages:read");
    return statuses;
  });

  scope.get("/workers", async (request) => {
    const { organizationId } = await authenticate(services, request, "languages:read");
    const runners = (await services.fleet.list(organizationId)).filter(({ alive }) => alive);
    const slots = runners.reduce((sum, runner) => sum + runner.slots, 0);
    const working = runners.reduce((sum, { activeJobs }) => sum + activeJobs, 0);
    return [
      {
        queue: "default",
        size: await waitingJobs(services, organizationId, enoughWaiting),
        available: slots,
        idle: Math.max(0, slots - working),
        working,
        paused: 0,
        failed: 0,
      },
    ];
  });
  scope.get("/statistics", async (request) => {
    const { organizationId } = await authenticate(services, request, "jobs:read");
    return statistics(organizationId, valueOf(request.query, "invalidate_cache") === "true");
  });
  scope.get("/system_info", async (request) => {
    const { organizationId } = await authenticate(services, request, "languages:read");
    const runners = (await services.fleet.list(organizationId)).filter(({ alive }) => alive);
    const isolation = new Set(runners.flatMap((runner) => runner.isolation));
    return {
      Runners: String(runners.length),
      "CPU(s)": String(runners.reduce((sum, { slots }) => sum + slots, 0)),
      Isolation: [...isolation].join(", "),
    };
  });
  scope.get("/config_info", async (request) => {
    await authenticate(services, request, "languages:read");
    return configuration(services);
  });

  scope.get("/about", async (request) => {
    await authenticate(services, request, "languages:read");
    return { version: interfaceVersion, homepage: null, source_code: null, maintainer: "Assay" };
  });
  const text = "text/plain; charset=utf-8";
  scope.get("/version", async (request, reply) => {
    await authenticate(services, request, "languages:read");
    return reply.type(text).send(interfaceVersion);
  });
  scope.get("/isolate", async (request, reply) => {
    await authenticate(services, request, "languages:read");
    return reply.type(text).send("Programs run in the boxes of Assay's sandboxd, not under isolate.\n");
  });
  scope.get("/license", async (request, reply) => {
    await authenticate(services, request, "languages:read");
    return reply.type(text).send(await readFile(licence, "utf8"));
  });

  scope.post("/authenticate", async (request, reply) => {
    await authenticate(services, request, "languages:read");
    return reply.code(200).send();
  });
  scope.post("/authorize", async (request, reply) => {
    await authorize(services, request);
    return reply.code(200).send();
  });
}

const named = ({ id, name }: Judge0Language) => ({ id, name });

/** Judge0's settings as they are in force here. */
function configuration({ config }: Services) {
  const limits = judge0Limits(config.maximumLimits);
  const { compatible } = config;
  const bounds = Object.entries(limits).flatMap(([name, { otherwise, most }]) => [
    [name, otherwise],
    [`max_${name}`, most],
  ]);
  return {
    maintenance_mode: false,
    enable_wait_result: true,
    enable_compiler_options: true,
    allowed_languages_for_compile_options: [],
    enable_command_line_arguments: true,
    enable_submission_delete: compatible.judge0AllowDelete,
    enable_callbacks: true,
    callbacks_max_tries: callbackTries,
    callbacks_timeout: callbackSeconds,
    enable_additional_files: true,
    max_queue_size: compatible.maxWaitingJobs,
    ...Object.fromEntries(bounds),
    enable_per_process_and_thread_time_limit: false,
    allow_enable_per_process_and_thread_time_limit: true,
    enable_per_process_and_thread_memory_limit: false,
    allow_enable_per_process_and_thread_memory_limit: true,
    redirect_stderr_to_stdout: false,
    max_extract_size: extractKilobytes,
    enable_batched_submissions: true,
    max_submission_batch_size: batchSize,
    submission_cache_duration: 0,
    use_docs_as_homepage: false,
    allow_enable_network: false,
    enable_network: false,
    disable_implicit_base64_encoding: !compatible.judge0ImplicitBase64,
  };
}
