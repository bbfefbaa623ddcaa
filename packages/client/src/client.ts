import { Readable } from "node:stream";
import type { JobEvent, Route } from "@assay/contracts";
import type { z } from "zod";
import { UnexpectedAnswer } from "./errors.ts";
import { followEvents } from "./events.ts";
import type { EventsOptions } from "./events.ts";
import { pathOf } from "./request.ts";
import type { BodylessInput, CallControl, CallInput } from "./request.ts";
import { Transport } from "./transport.ts";
import type { Answer, RequestBody } from "./transport.ts";

export interface ClientOptions {
  /** For example "http://127.0.0.1:8080"; a path in it is put before every route's. */
  readonly baseUrl: string;
  readonly token?: string | null;
  /** Goes with every call, into the server's and the runners' log lines. */
  readonly correlationId?: string | null;
  /** Ends every call of this client. */
  readonly signal?: AbortSignal | null;
}

/**
 * The HTTP API, one method for each way that bodies travel.
 *
 * Every method throws ApiError (the server refused), ServerUnavailable (nobody answered),
 * UnexpectedAnswer (somebody else answered), or the signal's reason.
 */
export interface Client extends AsyncDisposable {
  /** Calls a route that takes and answers JSON (or nothing). */
  call<R extends Route>(route: R, input: CallInput<R>): Promise<z.output<R["response"]>>;
  /**
   * Sends raw bytes to a route; `created` is false when the server already had them. With the `size` of
   * bytes that come one after another it refuses those that it has no room for before they are sent.
   */
  upload<R extends Route>(
    route: R,
    input: BodylessInput<R> & {
      body: Uint8Array | AsyncIterable<Uint8Array>;
      size?: number;
      contentType?: string;
    },
  ): Promise<{ created: boolean; body: z.output<R["response"]> }>;
  /** The bytes of a route as they arrive. A broken connection throws; it never ends the bytes early. */
  bytes<R extends Route>(route: R, input: BodylessInput<R>): AsyncIterable<Uint8Array>;
  /** A job's events in order, resumed over broken connections, until the job is settled. */
  events(jobId: string, options?: EventsOptions): AsyncIterable<JobEvent>;
}

const DEFAULT_TIMEOUT_MS = 30_000;

/** Throws a TypeError when the URL is none. */
export function createClient(options: ClientOptions): Client {
  const transport = new Transport({
    baseUrl: options.baseUrl,
    token: options.token ?? null,
    correlationId: options.correlationId ?? null,
    signal: options.signal ?? null,
  });

  async function exchange<R extends Route>(
    route: R,
    input: CallControl,
    body: { content: RequestBody; type: string | null; size?: number },
  ): Promise<{ answer: Answer; value: z.output<R["response"]> }> {
    using deadline = transport.deadline(
      input.timeoutMs ?? waitOf(input.query) + DEFAULT_TIMEOUT_MS,
      input.signal,
    );
    const request = {
      method: route.method,
      path: pathOf(route, input),
      headers: {
        accept: "application/json",
        ...(body.type === null ? {} : { "content-type": body.type }),
        ...(body.size === undefined ? {} : { "content-length": String(body.size) }),
      },
      body: body.content,
    };
    const answer = await transport.send(route, request, deadline);
    if (route.responseKind === "none" || answer.statusCode === 204) {
      await transport.guard(deadline, () => answer.body.dump());
      return { answer, value: parsed<R["response"]>(route.response, route.id, answer.statusCode, "{}") };
    }
    const text = await transport.guard(deadline, () => answer.body.text());
    return { answer, value: parsed<R["response"]>(route.response, route.id, answer.statusCode, text) };
  }

  const client: Client = {
    async call(route, input) {
      const json = route.bodyKind === "json";
      const { value } = await exchange(route, input, {
        content: json ? JSON.stringify(input.body) : null,
        type: json ? "application/json" : null,
      });
      return value;
    },

    async upload(route, input) {
      const { answer, value } = await exchange(route, input, {
        content: input.body instanceof Uint8Array ? input.body : Readable.from(input.body),
        type: input.contentType ?? "application/octet-stream",
        ...(input.size === undefined ? {} : { size: input.size }),
      });
      return { created: answer.statusCode === 201, body: value };
    },

    async *bytes(route, input) {
      using deadline = transport.deadline(input.timeoutMs ?? DEFAULT_TIMEOUT_MS, input.signal);
      const request = { method: route.method, path: pathOf(route, input), headers: {}, body: null };
      const answer = await transport.send(route, request, deadline);
      try {
        yield* answer.body as AsyncIterable<Uint8Array>;
      } catch (error) {
        throw transport.translate(deadline, error);
      }
    },

    events: (jobId, eventsOptions = {}) => followEvents(transport, client, jobId, eventsOptions),

    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
  return client;
}

/** A route that holds the request for `wait` seconds has the usual time on top of it, ms. */
function waitOf(query: unknown): number {
  const wait = typeof query === "object" && query !== null && "wait" in query ? Number(query.wait) : 0;
  return Number.isFinite(wait) ? wait * 1000 : 0;
}

function parsed<Schema extends z.ZodType>(
  schema: Schema,
  routeId: string,
  status: number,
  text: string,
): z.output<Schema> {
  const wrong = (cause: unknown) =>
    new UnexpectedAnswer(status, `the answer of ${routeId} is not in the shape that this version knows`, {
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw wrong(error);
  }
  const result = schema.safeParse(value);
  if (!result.success) throw wrong(result.error);
  return result.data;
}
