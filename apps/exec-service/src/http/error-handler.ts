import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { QueueFull } from "../engine/turns.ts";
import { RequestError } from "../model/request-error.ts";
import { StoreError } from "../store/file-store.ts";
import { ClientGone } from "./client-gone.ts";

/** Answers a failure with its status and one sentence, as a JSON string. */
export function answerError(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): void {
  const explained = explain(error);
  if (explained === null) request.log.error({ err: error }, "a request failed");
  const [status, message] = explained ?? [500, "the service failed; its log says why"];
  void reply.code(status).type("application/json; charset=utf-8").send(JSON.stringify(message));
}

/** Null when nobody expected it. */
function explain(error: FastifyError | Error): [status: number, message: string] | null {
  if (error instanceof RequestError) return [error.status, error.message];
  if (error instanceof QueueFull || error instanceof StoreError) return [500, error.message];
  if (error instanceof ClientGone) return [400, error.message];
  if ("statusCode" in error && error.statusCode !== undefined && error.statusCode < 500)
    return [error.statusCode === 406 || error.statusCode === 415 ? 400 : error.statusCode, error.message];
  return null;
}
