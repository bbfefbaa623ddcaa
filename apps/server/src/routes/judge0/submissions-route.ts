import { AssayError, isSettled } from "@assay/contracts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Caller } from "../../access/policy.ts";
import { leftOrStopping } from "../../http/mount.ts";
import { jobWhenSettled } from "../../jobs/watch.ts";
import type { Services } from "../../services.ts";
import { runBodyLimit } from "../../sources/body-limit.ts";
import { listedLanguages } from "../compatible/catalogue.ts";
import { hasRoom } from "../compatible/waiting-room.ts";
import { authenticate, authorize, refuse } from "./access.ts";
import type { Callbacks } from "./callbacks/callbacks.ts";
import { judge0Languages } from "./languages.ts";
import { batchSize } from "./limits.ts";
import { NotText, needsPayload, presentSubmission } from "./present.ts";
import { isBase64, requestedFields, valueOf, wholeNumber } from "./query.ts";
import { InvalidSubmission } from "./request.ts";
import { countSubmissions, deleteSubmission, findSubmissions, listSubmissions } from "./store.ts";
import type { Stored } from "./store.ts";
import { submit } from "./submit.ts";
import type { Submitting } from "./submit.ts";
import { statusOf } from "./statuses.ts";
import { tell } from "./verdict.ts";

/** How long `wait=true` holds an answer back; longer than any submission takes once it runs. */
const waitSeconds = 600;
const perPage = 20;
const maxPerPage = 50;

interface ByToken {
  Params: { token: string };
}

export function mountSubmissionsOfJudge0(
  scope: FastifyInstance,
  services: Services,
  callbacks: Callbacks,
): void {
  const { config, database, stopping } = services;
  const one = { bodyLimit: runBodyLimit(config) };

  const submitting = async (request: FastifyRequest, caller: Caller): Promise<Submitting> => ({
    services,
    callbacks,
    caller,
    languages: judge0Languages(await listedLanguages(services, caller.organizationId)),
    base64: isBase64(config, request.query),
    correlationId: request.id,
  });
  const present = (request: FastifyRequest) => (stored: Stored) =>
    presentSubmission(stored, requestedFields(request.query), isBase64(config, request.query));
  const find = async (request: FastifyRequest, caller: Caller, token: string): Promise<Stored> => {
    const withPayload = needsPayload(requestedFields(request.query));
    const stored = (await findSubmissions(database, caller, [token], withPayload)).get(token);
    if (stored === undefined) throw new AssayError("not_found", "There is no such submission.");
    return stored;
  };

  scope.post("/submissions", one, async (request, reply) => {
    const caller = await authenticate(services, request, "runs:create");
    const isWaited = valueOf(request.query, "wait") === "true";
    requestedFields(request.query);
    if (!(await hasRoom(services, caller.organizationId, 1))) return refuse(reply, 503, "queue is full");
    const { token, jobId } = await submit(await submitting(request, caller), request.body);
    reply.code(201);
    if (!isWaited) return { token };
    const signal = leftOrStopping(reply, stopping);
    await jobWhenSettled(services, caller, jobId, { seconds: waitSeconds, signal, isNew: true });
    try {
      return present(request)(await find(request, caller, token));
    } catch (error) {
      // It was made and has run: only its text can't be told.
      if (error instanceof NotText) return { ...notText("this submission"), token };
      throw error;
    }
  });

  scope.get<ByToken>("/submissions/:token", async (request) => {
    const caller = await authenticate(services, request, "jobs:read");
    return present(request)(await find(request, caller, request.params.token));
  });

  scope.get("/submissions", async (request) => {
    const { organizationId } = await authorize(services, request);
    const page = wholeNumber(request.query, "page", 1, 1);
    const size = Math.min(wholeNumber(request.query, "per_page", perPage, 1), maxPerPage);
    const total = await countSubmissions(database, organizationId);
    const pages = Math.max(1, Math.ceil(total / size));
    const range = { limit: size, offset: (page - 1) * size };
    const withPayload = needsPayload(requestedFields(request.query));
    const rows = await listSubmissions(database, organizationId, range, withPayload);
    return {
      submissions: rows.map(present(request)),
      meta: {
        current_page: page,
        next_page: page < pages ? page + 1 : null,
        prev_page: page > 1 ? page - 1 : null,
        total_pages: pages,
        total_count: total,
      },
    };
  });

  scope.delete<ByToken>("/submissions/:token", async (request, reply) => {
    const owner = await authorize(services, request);
    if (!config.compatible.judge0AllowDelete) return refuse(reply, 400, "delete not allowed");
    const stored = await find(request, owner, request.params.token);
    const shown = presentSubmission(stored, requestedFields(request.query), true);
    if (
      !isSettled(stored.state) ||
      !(await deleteSubmission(database, owner.organizationId, request.params.token))
    ) {
      const { id, description } = statusOf(tell(stored).status);
      const reason = `submission cannot be deleted because its status is ${id} (${description})`;
      return refuse(reply, 400, reason);
    }
    request.log.info({ jobId: stored.jobId, by: owner.tokenId }, "submission deleted");
    return shown;
  });

  mountBatches(scope, services, submitting, present);
}

function mountBatches(
  scope: FastifyInstance,
  services: Services,
  submitting: (request: FastifyRequest, caller: Caller) => Promise<Submitting>,
  present: (request: FastifyRequest) => (stored: Stored) => unknown,
): void {
  const batchBody = { bodyLimit: runBodyLimit(services.config) };

  scope.post("/submissions/batch", batchBody, async (request, reply) => {
    const caller = await authenticate(services, request, "runs:create");
    const { submissions } = (request.body ?? {}) as { submissions?: unknown };
    const given: unknown[] = Array.isArray(submissions) ? submissions : [];
    if (given.length === 0 || given.length > batchSize) return refuseSize(reply, given.length);
    if (!(await hasRoom(services, caller.organizationId, given.length)))
      return refuse(reply, 503, "queue is full");
    const context = await submitting(request, caller);
    const answers: object[] = [];
    let isAnyTaken = false;
    for (const one of given) {
      try {
        answers.push({ token: (await submit(context, one)).token });
        isAnyTaken = true;
      } catch (error) {
        if (!(error instanceof InvalidSubmission)) throw error;
        answers.push(error.errors);
      }
    }
    return reply.code(isAnyTaken ? 201 : 422).send(answers);
  });

  scope.get("/submissions/batch", async (request, reply) => {
    const caller = await authenticate(services, request, "jobs:read");
    const tokens = (valueOf(request.query, "tokens") ?? "")
      .split(",")
      .map((token) => token.trim())
      .filter(Boolean);
    if (tokens.length === 0 || tokens.length > batchSize) return refuseSize(reply, tokens.length);
    const withPayload = needsPayload(requestedFields(request.query));
    const found = await findSubmissions(services.database, caller, tokens, withPayload);
    const shown = present(request);
    return {
      submissions: tokens.map((token) => {
        const stored = found.get(token);
        return stored === undefined ? null : shown(stored);
      }),
    };
  });
}

const refuseSize = (reply: FastifyReply, size: number): FastifyReply =>
  refuse(
    reply,
    400,
    size === 0
      ? "there should be at least one submission in a batch"
      : `number of submissions in a batch should be less than or equal to ${batchSize}`,
  );

export const notText = (what: string) => ({
  error: `some attributes for ${what} cannot be converted to UTF-8, use base64_encoded=true query parameter`,
});
