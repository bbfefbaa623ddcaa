import { AssayError, routes } from "@assay/contracts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { asAssayError, presentProblem, retryAfterSeconds } from "./problem-details.ts";

const patterns = Object.values(routes).map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${path.replace(/:[^/]+/g, "[^/]+")}$`),
}));

/** Answers every error, unknown path and wrong method as `application/problem+json`. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((thrown, request, reply) => sendError(thrown, request, reply));
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split("?", 1)[0] ?? request.url;
    const allowed = patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    if (allowed.length === 0)
      return sendError(
        new AssayError("not_found", `There is no route ${request.method} ${path}.`),
        request,
        reply,
      );
    reply.header("allow", allowed.join(", "));
    const detail = `${path} takes ${allowed.join(", ")}, not ${request.method}.`;
    return sendError(new AssayError("method_not_allowed", detail), request, reply);
  });
}

export function sendError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = asAssayError(thrown);
  if (error.code === "internal") request.log.error({ err: thrown }, "request failed unexpectedly");
  else if (error.status >= 500) request.log.warn({ err: thrown }, "request refused");
  if (error.status === 503) reply.header("retry-after", String(retryAfterSeconds));
  if (error.code === "unauthenticated") reply.header("www-authenticate", 'Bearer realm="assay"');
  return (
    reply
      .code(error.status)
      .header("content-type", "application/problem+json")
      // Bytes, because Fastify adds a charset to text, which this media type does not have.
      .send(Buffer.from(JSON.stringify(presentProblem(error, request.id))))
  );
}
