import { AssayError } from "@assay/contracts";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { readToEnd } from "../../http/error-handler.ts";
import { asAssayError, retryAfterSeconds } from "../../http/problem-details.ts";
import type { Services } from "../../services.ts";

/** How an API of another system tells errors, and knows its clients. */
export interface ScopeOptions {
  /** An error of our catalogue, whose status is kept. */
  readonly present: (error: AssayError) => unknown;
  /** Who asks, before anything of a body is read. @throws AssayError `unauthenticated`, `forbidden` */
  readonly authenticate: (request: FastifyRequest) => Promise<unknown>;
  /** What only this API throws; null for anything else. */
  readonly own: (thrown: unknown) => { readonly status: number; readonly body: unknown } | null;
}

/**
 * Prepares a scope of its own for an API of another system: errors in that system's shape, nothing in
 * our OpenAPI document, and nothing new while the server stops.
 */
export function prepareScope(
  scope: FastifyInstance,
  { stopping }: Services,
  { present, own, authenticate }: ScopeOptions,
): void {
  scope.addHook("onRoute", (route) => {
    route.schema = { ...route.schema, hide: true };
  });
  scope.addHook("onRequest", async (request) => {
    if (stopping.aborted) throw new AssayError("shutting_down", "This server is stopping.");
    await authenticate(request);
  });
  scope.setErrorHandler(async (thrown, request, reply) => {
    const known = own(thrown);
    if (known !== null) return reply.code(known.status).send(known.body);
    const error = asAssayError(thrown);
    if (error.status === 413) await readToEnd(request.raw);
    if (error.code === "internal") request.log.error({ err: thrown }, "request failed unexpectedly");
    if (error.status === 503) reply.header("retry-after", String(retryAfterSeconds));
    return reply.code(error.status).send(present(error));
  });
  scope.setNotFoundHandler(async (request, reply) => {
    const error = new AssayError("not_found", `There is no route ${request.method} here.`);
    return reply.code(404).send(present(error));
  });
}
