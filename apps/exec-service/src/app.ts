import websocket from "@fastify/websocket";
import { fastify, LogController, type FastifyBaseLogger, type FastifyInstance } from "fastify";
import { refusePages, requireToken } from "./http/authorization.ts";
import { answerError } from "./http/error-handler.ts";
import { aboutRoutes } from "./routes/about/route.ts";
import { fileRoutes } from "./routes/file/route.ts";
import { runRoute } from "./routes/run/route.ts";
import { streamRoute } from "./routes/stream/route.ts";
import { wsRoute } from "./routes/ws/route.ts";
import type { Services } from "./services.ts";

/** How long a client may take to send a whole request. */
const REQUEST_MS = 300_000;

/** A request over a WebSocket is one message, which is in memory as a whole. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
const MAX_SOCKETS = 256;

export interface AppOptions {
  readonly services: Services;
  readonly log: FastifyBaseLogger;
  readonly token: string | null;
  readonly origins: readonly string[];
}

/** The HTTP service over what does the work. */
export async function createApp({ services, log, token, origins }: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: REQUEST_MS,
    bodyLimit: services.bodies.maxBytes,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
  });
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((_request, reply) => reply.code(404).send("404 page not found"));
  app.addHook("onResponse", async (request, reply) => {
    request.log.debug({ req: request, status: reply.statusCode, ms: reply.elapsedTime }, "answered");
  });
  await app.register(websocket, {
    options: {
      maxPayload: Math.min(services.bodies.maxBytes, MAX_MESSAGE_BYTES),
      perMessageDeflate: false,
    },
  });
  // After the plugin's own hook: an upgrade that is refused before it gets no answer.
  if (token === null) app.addHook("onRequest", refusePages(origins));
  await aboutRoutes(app, services);
  await app.register(async (guarded) => {
    if (token !== null) guarded.addHook("onRequest", requireToken(token));
    guarded.addHook("onRequest", async (request, reply) => {
      if (request.ws && app.websocketServer.clients.size >= MAX_SOCKETS) await reply.code(503).send();
    });
    for (const routes of [runRoute, fileRoutes, wsRoute, streamRoute])
      await guarded.register((scope) => routes(scope, services));
  });
  return app;
}
