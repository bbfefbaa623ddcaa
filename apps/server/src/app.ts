import type { IncomingMessage } from "node:http";
import multipart from "@fastify/multipart";
import fastify, { LogController } from "fastify";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { serializerCompiler } from "fastify-type-provider-zod";
import { correlationIdOf } from "./http/correlation.ts";
import { answerErrors, sendError } from "./http/error-handler.ts";
import { parseJsonBody } from "./http/json-body.ts";
import { describeApi } from "./http/openapi.ts";
import { mountCompatibleApis } from "./routes/compatible/mount.ts";
import { mountImages } from "./routes/images/route.ts";
import { mountJobs } from "./routes/jobs/route.ts";
import { mountLanguages } from "./routes/languages/route.ts";
import { mountOperation } from "./routes/operation/route.ts";
import { pistonSessions } from "./routes/piston/route.ts";
import { mountProblemSets } from "./routes/problem-sets/route.ts";
import { mountProblems } from "./routes/problems/route.ts";
import { mountRejudgings } from "./routes/rejudgings/route.ts";
import { mountRunnerProtocol } from "./routes/runner-protocol/route.ts";
import { mountRunners } from "./routes/runners/route.ts";
import { mountRuns } from "./routes/runs/route.ts";
import { mountStatements } from "./routes/statements/route.ts";
import { mountSubmissions } from "./routes/submissions/route.ts";
import { mountTokens } from "./routes/tokens/route.ts";
import type { Services } from "./services.ts";

const archiveTypes = [
  "application/zip",
  "application/gzip",
  "application/x-gzip",
  "application/octet-stream",
];

/** The HTTP API over its services, not yet listening. */
export async function buildApp(services: Services): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify({
    loggerInstance: services.log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "correlationId" }),
    genReqId: correlationIdOf,
    frameworkErrors: (error, request, reply) => void sendError(error, request, reply),
    // Requests that come while the server stops get our own answer.
    return503OnClosing: false,
    // To send one whole request; a client that trickles bytes for longer is cut off.
    requestTimeout: 300_000,
    // Everything else answers over HTTP, whatever its client would rather speak: a connection that is
    // upgraded has no body, no time limits, and is not closed when the server stops.
    http: {
      shouldUpgradeCallback: ({ url = "" }) =>
        services.config.compatible.apis.includes("piston") && url.split("?", 1)[0] === pistonSessions,
    },
    routerOptions: { maxParamLength: 255 },
  });
  // Each route parses its parts itself (http/mount.ts), which keeps their types.
  app.setValidatorCompiler(() => (value) => ({ value }));
  app.setSerializerCompiler(serializerCompiler);
  app.decorateRequest("caller", null);

  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "application/json",
    { parseAs: "buffer" },
    async (_: FastifyRequest, body: Buffer) => (body.length === 0 ? undefined : parseJsonBody(body)),
  );
  app.addContentTypeParser(archiveTypes, async (_: FastifyRequest, stream: IncomingMessage) => stream);
  await app.register(multipart, {
    limits: { files: 1, fields: 0, fileSize: services.config.maxPackageBytes },
  });

  answerErrors(app);
  app.addHook("onSend", async (request, reply) => void reply.header("x-request-id", request.id));
  app.addHook("onResponse", async (request, reply) => {
    const line = {
      method: request.method,
      path: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    if (services.stopping.aborted) setImmediate(() => app.server.closeIdleConnections());
    if (request.routeOptions.config.quiet === true) request.log.debug(line, "request");
    else request.log.info(line, "request");
  });

  await describeApi(app);
  const mounting = { app, tokens: services.tokens, stopping: services.stopping };
  mountOperation(mounting, services);
  if (!services.config.roles.includes("api")) return app;
  mountProblems(mounting, services);
  mountStatements(mounting, services);
  mountProblemSets(mounting, services);
  mountSubmissions(mounting, services);
  mountRejudgings(mounting, services);
  mountRuns(mounting, services);
  mountJobs(mounting, services);
  mountImages(mounting, services);
  mountLanguages(mounting, services);
  mountRunners(mounting, services);
  mountTokens(mounting, services);
  mountRunnerProtocol(mounting, services);
  await mountCompatibleApis(app, services);
  return app;
}
