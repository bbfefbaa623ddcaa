import type { Readable } from "node:stream";
import { ProblemDetails } from "@assay/contracts";
import type { Route } from "@assay/contracts";
import { Agent } from "undici";
import type { Dispatcher } from "undici";
import { Deadline } from "./deadline.ts";
import { ApiError, ServerUnavailable, UnexpectedAnswer } from "./errors.ts";

export type Answer = Dispatcher.ResponseData;
export type RequestBody = string | Uint8Array | Readable | null;

export interface TransportOptions {
  readonly baseUrl: string;
  readonly token: string | null;
  /** Sent as X-Request-Id with every call, so that the server's log lines can be found by it. */
  readonly correlationId: string | null;
  readonly signal: AbortSignal | null;
}

export interface TransportRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: RequestBody;
}

/** Problem details and other refusals are small; a page of a proxy need not be read to its end. */
const MAX_REFUSAL_BYTES = 1024 * 1024;
const GATEWAY_STATUS = new Set([429, 502, 503, 504]);

/** HTTP to one server over kept-alive connections; turns every failure into this package's errors. */
export class Transport implements AsyncDisposable {
  #agent = new Agent({ connect: { timeout: 10_000 }, headersTimeout: 0, bodyTimeout: 0 });
  #origin: string;
  #prefix: string;
  #headers: Readonly<Record<string, string>>;
  #signal: AbortSignal | null;

  constructor({ baseUrl, token, correlationId, signal }: TransportOptions) {
    const url = new URL(baseUrl);
    if (url.protocol !== "http:" && url.protocol !== "https:") {
      throw new TypeError(`the server's URL must begin with http:// or https://, not ${url.protocol}`);
    }
    this.#origin = url.origin;
    this.#prefix = url.pathname.replace(/\/+$/, "");
    this.#signal = signal;
    this.#headers = {
      ...(token === null || token === "" ? {} : { authorization: `Bearer ${token}` }),
      ...(correlationId === null ? {} : { "x-request-id": correlationId }),
    };
  }

  /** The deadline that a call must keep: its own, and whoever may withdraw it. */
  deadline(milliseconds: number, signal: AbortSignal | null | undefined): Deadline {
    return new Deadline(milliseconds, [this.#signal, signal]);
  }

  /** The answer to a request, its body unread; an answer that refuses is thrown. */
  async send(route: Route, request: TransportRequest, deadline: Deadline): Promise<Answer> {
    deadline.throwIfWithdrawn();
    const options: Dispatcher.RequestOptions = {
      origin: this.#origin,
      path: this.#prefix + request.path,
      method: request.method,
      headers: { ...this.#headers, ...request.headers },
      body: request.body,
      signal: deadline.signal,
    };
    const answer = await this.guard(deadline, () => this.#agent.request(options));
    const accepted = answer.statusCode === route.status || route.alsoStatus.includes(answer.statusCode);
    if (accepted && !contentType(answer).startsWith("application/problem+json")) return answer;
    throw await this.guard(deadline, () => refusal(answer));
  }

  /** Runs one step of a call; what breaks in it is said in this package's errors. */
  async guard<T>(deadline: Deadline, step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      throw this.translate(deadline, error);
    }
  }

  translate(deadline: Deadline, error: unknown): unknown {
    if (error instanceof UnexpectedAnswer || error instanceof TypeError) return error;
    if (deadline.passed)
      return new ServerUnavailable(`${this.#origin} did not answer in time`, { cause: error });
    try {
      deadline.throwIfWithdrawn();
    } catch (reason) {
      return reason;
    }
    const why = error instanceof Error ? error.message || error.name : String(error);
    return new ServerUnavailable(`${this.#origin} can't be reached: ${why}`, { cause: error });
  }

  /** Breaks off what is still under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy();
  }
}

const header = (answer: Answer, name: string): string => {
  const value = answer.headers[name];
  return Array.isArray(value) ? (value[0] ?? "") : (value ?? "");
};

const contentType = (answer: Answer): string => header(answer, "content-type");

function retryAfterSeconds(answer: Answer): number | null {
  const text = header(answer, "retry-after");
  if (text === "") return null;
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

/** The error that an answer stands for which is not the one hoped for. */
async function refusal(answer: Answer): Promise<Error> {
  const text = (await readText(answer, MAX_REFUSAL_BYTES)) ?? "";
  const seconds = retryAfterSeconds(answer);
  const problem = contentType(answer).startsWith("application/problem+json")
    ? ProblemDetails.safeParse(parseJson(text))
    : null;
  if (problem?.success) return new ApiError(problem.data, answer.statusCode, seconds);
  if (GATEWAY_STATUS.has(answer.statusCode)) {
    return new ServerUnavailable(`the way to the server is closed (HTTP ${answer.statusCode})`, {
      retryAfterSeconds: seconds,
    });
  }
  const start = text.trim().slice(0, 200);
  return new UnexpectedAnswer(
    answer.statusCode,
    `HTTP ${answer.statusCode} that is not this API's${start === "" ? "" : `: ${start}`}`,
  );
}

/** Null for an answer that is longer; the rest of it is not read. */
export async function readText(answer: Answer, maxBytes: number): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
