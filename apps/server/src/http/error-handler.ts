import { AssayError, routes } from "@assay/contracts";
import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { asAssayError, presentProblem, retryAfterSeconds } from "./problem-details.ts";

const patterns = Object.values(routes).map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${path.replace(/:[^/]+/g, "[^/]+")}$`),
}));

/** Answers every error, unknown path and wrong method as `application/problem+json`. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler(async (thrown, request, reply) => {
    if (asAssayError(thrown).status === 413) await readToEnd(request.raw);
    return sendError(thrown, request, reply);
  });
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

/** What of a body that is too large is still read, so that its sender lives to read the answer. */
const drained = { bytes: 64 * 1024 * 1024, milliseconds: 5000 };

/**
 * Reads and discards a refused body. Closing a connection with bytes unread resets it, and the sender
 * would see a broken pipe instead of the reason. Bounded: whoever sends for ever is cut off.
 */
export function readToEnd(body: IncomingMessage): Promise<void> {
  if (body.readableEnded || body.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    let read = 0;
    const timer = setTimeout(resolve, drained.milliseconds).unref();
    body.on("data", (chunk: Buffer) => {
      read += chunk.byteLength;
      if (read > drained.bytes) resolve();
    });
    for (const end of ["end", "error", "close"]) body.once(end, () => resolve());
    body.once("close", () => clearTimeout(timer));
    body.resume();
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
