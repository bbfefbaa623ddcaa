import { Readable } from "node:stream";
import type { Route } from "@assay/contracts";
import { AssayError } from "@assay/contracts";
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { Caller } from "../access/policy.ts";
import { mayDo } from "../access/policy.ts";
import type { Tokens } from "../access/tokens.ts";
import { parsePart } from "./parse-part.ts";
import { routeSchema } from "./route-schema.ts";

/** What a handler gets: the request as the route's schemas read it, and who sent it. */
interface Call<Params = unknown, Query = unknown, Body = unknown> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly caller: Caller;
  readonly correlationId: string;
  readonly log: FastifyBaseLogger;
  /** Aborts when the client leaves or the server stops: a held request then answers at once. */
  readonly signal: AbortSignal;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** A success with another status than the route's first one. */
export class Answer<Value> {
  readonly status: number;
  readonly value: Value;
  constructor(status: number, value: Value) {
    this.status = status;
    this.value = value;
  }
}

type Handler<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType, Value> = (
  call: Call<z.output<Params>, z.output<Query>, z.output<Body>>,
) => Promise<Value | Answer<Value>>;

export interface MountOptions {
  /** Largest body, bytes. */
  readonly bodyLimit?: number;
  /** Routes that are polled all day log at `debug`. */
  readonly quiet?: boolean;
  /** Answers even while the server stops. */
  readonly whileStopping?: boolean;
}

export interface Mounting {
  readonly app: FastifyInstance;
  readonly tokens: Tokens;
  /** Aborts when the server begins to stop. */
  readonly stopping: AbortSignal;
}

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller | null;
  }
  interface FastifyContextConfig {
    quiet?: boolean;
    route?: Route;
  }
}

const nobody: Caller = { tokenId: "", organizationId: "", role: "learner" };
const smallBody = 64 * 1024;

/**
 * Mounts one route of the contracts: its validation, authentication, permission, presentation and
 * OpenAPI entry all come from the route's own data.
 */
export function mount<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Response extends z.ZodType,
>(
  { app, tokens, stopping }: Mounting,
  route: Route<Params, Query, Body, Response>,
  handler: Handler<Params, Query, Body, z.input<Response> | Readable>,
  options: MountOptions = {},
): void {
  app.route({
    method: route.method,
    url: route.path,
    schema: routeSchema(route),
    bodyLimit: options.bodyLimit ?? smallBody,
    config: { quiet: options.quiet ?? false, route },
    onRequest: async (request) => {
      if (stopping.aborted && options.whileStopping !== true)
        throw new AssayError("shutting_down", "This server is stopping.");
      if (route.permission !== "public") request.caller = await authorize(request, route, tokens);
      requireBodyKind(request, route);
    },
    handler: async (request, reply) => {
      const result = await handler({
        params: parsePart("params", route.params, request.params),
        query: parsePart("query", route.query, request.query),
        body: parsePart("body", route.body, route.bodyKind === "json" ? request.body : {}),
        caller: request.caller ?? nobody,
        correlationId: request.id,
        log: request.log,
        get signal() {
          return leftOrStopping(reply, stopping);
        },
        request,
        reply,
      });
      return result instanceof Answer
        ? send(reply, result.status, result.value)
        : send(reply, route.status, result);
    },
  });
}

function send(reply: FastifyReply, status: number, value: unknown): FastifyReply {
  reply.code(status);
  if (status === 204) return reply.send();
  if (value instanceof Readable && !reply.hasHeader("content-type"))
    reply.header("content-type", "application/octet-stream");
  return reply.send(value);
}

async function authorize(request: FastifyRequest, route: Route, tokens: Tokens): Promise<Caller> {
  const caller = await tokens.authenticate(request.headers.authorization);
  if (!mayDo(caller.role, route.permission)) {
    throw new AssayError(
      "forbidden",
      `A token of role ${caller.role} may not do this; it needs the permission ${route.permission}.`,
    );
  }
  return caller;
}

/** The parsers for JSON and for raw bytes serve all routes, so each route says here which of them it takes. */
function requireBodyKind(request: FastifyRequest, route: Route): void {
  const type = request.headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
  const isJson = type === "application/json";
  if (route.bodyKind === "json" && !isJson)
    throw new AssayError("unsupported_media_type", "Send the body as `Content-Type: application/json`.");
  if (route.bodyKind === "bytes" && (isJson || type === undefined)) {
    throw new AssayError(
      "unsupported_media_type",
      "Send the bytes as application/zip, application/gzip, application/octet-stream or multipart/form-data.",
    );
  }
}

/** Lets go of `stopping` with the connection: that signal lives as long as the server. */
export function leftOrStopping(reply: FastifyReply, stopping: AbortSignal): AbortSignal {
  const gone = new AbortController();
  const abort = () => gone.abort();
  if (stopping.aborted || reply.raw.destroyed) {
    abort();
    return gone.signal;
  }
  stopping.addEventListener("abort", abort, { once: true });
  reply.raw.once("close", () => {
    stopping.removeEventListener("abort", abort);
    // After a whole answer nobody waits for the signal, and an abort makes an error with its stack.
    if (!reply.raw.writableFinished) abort();
  });
  return gone.signal;
}
