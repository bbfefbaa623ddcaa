import { AssayError } from "@assay/contracts";
import websocket from "@fastify/websocket";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Caller } from "../../access/policy.ts";
import { leftOrStopping } from "../../http/mount.ts";
import { admitJob } from "../../jobs/admit.ts";
import { cancelJob } from "../../jobs/cancel.ts";
import { jobWhenSettled } from "../../jobs/watch.ts";
import type { Services } from "../../services.ts";
import { runBodyLimit } from "../../sources/body-limit.ts";
import { prepareScope } from "../compatible/scope.ts";
import { hasRoom } from "../compatible/waiting-room.ts";
import { authenticate } from "./access.ts";
import { presentResult } from "./present.ts";
import { BadRequest, asObject, readRequest, requireText, show } from "./request.ts";
import { findRuntime, listRuntimes } from "./runtimes.ts";
import { Session } from "./session.ts";
import { keepAlive } from "./sockets.ts";

const prefix = "/piston/api/v2";
const sessionsPath = "/connect";
/** The only path whose connections become WebSockets. */
export const pistonSessions = `${prefix}${sessionsPath}`;
/** A request over a WebSocket is one message, which is in memory as a whole. */
const maxMessageBytes = 64 * 1024 * 1024;
const maxSockets = 256;
/** How long a client may take to leave when the server stops, ms. */
const leaveMs = 2_000;
/** How long an execution is waited for; longer than any takes once it runs. */
const waitSeconds = 600;

declare module "fastify" {
  interface FastifyRequest {
    pistonCaller: Caller | null;
  }
}

/** The API that clients of Piston speak; docs/compatibility.md says what is the same here. */
export async function mountPiston(app: FastifyInstance, services: Services): Promise<void> {
  await app.register(
    async (scope) => {
      // Before any hook: an upgrade that is refused before the plugin's own hook gets no answer.
      await scope.register(websocket, {
        options: {
          maxPayload: Math.min(runBodyLimit(services.config), maxMessageBytes),
          perMessageDeflate: false,
        },
        // Sessions hear themselves that the server stops, and say so; who does not take leave is cut off.
        preClose: (done) => {
          const { websocketServer } = scope;
          const cut = setTimeout(() => {
            for (const client of websocketServer.clients) client.terminate();
          }, leaveMs);
          websocketServer.close(() => {
            clearTimeout(cut);
            done();
          });
        },
      });
      prepareScope(scope, services, {
        authenticate: (request) => authenticate(services, request, "languages:read"),
        present: ({ code, message }) => ({
          message: code === "unsupported_media_type" ? "requests must be of type application/json" : message,
        }),
        own: (thrown) =>
          thrown instanceof BadRequest ? { status: 400, body: { message: thrown.message } } : null,
      });
      scope.addHook("onRequest", requireJson);
      mountExecute(scope, services);
      mountPackages(scope, services);
      mountConnect(scope, services);
    },
    { prefix },
  );
}

async function requireJson({ method, headers }: FastifyRequest): Promise<void> {
  const type = headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
  if (method !== "GET" && method !== "HEAD" && type !== "application/json")
    throw new AssayError("unsupported_media_type", "Send the body as JSON.");
}

function mountExecute(scope: FastifyInstance, services: Services): void {
  scope.get("/runtimes", async (request) => {
    const { organizationId } = await authenticate(services, request, "languages:read");
    return (await listRuntimes(services, organizationId)).map(({ runtime }) => runtime);
  });

  scope.post("/execute", { bodyLimit: runBodyLimit(services.config) }, async (request, reply) => {
    const caller = await authenticate(services, request, "runs:create");
    const runtimes = await listRuntimes(services, caller.organizationId);
    const prepared = readRequest(services.config, runtimes, request.body, "watched");
    if (!(await hasRoom(services, caller.organizationId, 1)))
      return reply.code(503).send({ message: "queue is full" });
    const { jobId } = await admitJob(services, caller, {
      payload: prepared.payload,
      problemId: null,
      correlationId: request.id,
    });
    const signal = leftOrStopping(reply, services.stopping);
    const { job } = await jobWhenSettled(services, caller, jobId, {
      seconds: waitSeconds,
      signal,
      isNew: true,
    });
    if (job.result?.kind === "run") return presentResult(job.result, prepared);
    return giveUp(services, caller, jobId, job.failure?.message ?? null, reply);
  });
}

/** Nobody can ask for this result later, so a run that is not over is withdrawn. */
async function giveUp(
  services: Services,
  caller: Caller,
  jobId: string,
  failure: string | null,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (failure !== null) return reply.code(500).send({ message: failure });
  await cancelJob(services, { jobId, organizationId: caller.organizationId, onlyOf: null }).catch(
    (error: unknown) => {
      if (!(error instanceof AssayError) || error.code !== "conflict") throw error;
    },
  );
  return reply.code(503).send({ message: "the run was withdrawn before it ended; try again" });
}

function mountPackages(scope: FastifyInstance, services: Services): void {
  scope.get("/packages", async (request) => {
    const { organizationId } = await authenticate(services, request, "languages:read");
    return (await listRuntimes(services, organizationId)).map(({ runtime }) => ({
      language: runtime.language,
      language_version: runtime.version,
      installed: true,
    }));
  });

  scope.route({
    method: ["POST", "DELETE"],
    url: "/packages",
    handler: async (request, reply) => {
      const { organizationId } = await authenticate(services, request, "languages:read");
      const body = asObject(request.body);
      const [language, version] = [requireText(body, "language"), requireText(body, "version")];
      const found = findRuntime(await listRuntimes(services, organizationId), language, version);
      if (found === null) {
        const message = `Requested package ${show(language)}-${show(version)} does not exist`;
        return reply.code(404).send({ message });
      }
      const message =
        "Packages can't be changed here: they are images of the runners, which their operators build.";
      return reply.code(403).send({ message });
    },
  });
}

function mountConnect(scope: FastifyInstance, services: Services): void {
  scope.decorateRequest("pistonCaller", null);
  scope.get(
    sessionsPath,
    {
      websocket: true,
      preValidation: async (request, reply) => {
        request.pistonCaller = await authenticate(services, request, "runs:create");
        if (scope.websocketServer.clients.size >= maxSockets)
          return reply.code(503).send({ message: "too many sessions" });
        return undefined;
      },
    },
    (socket, request) => {
      if (request.pistonCaller === null) return socket.terminate();
      keepAlive(socket);
      // It lives by the socket's events.
      void new Session(socket, services, request.pistonCaller, request);
    },
  );
}
