import type { ErrorIssue, ProblemDetails } from "@assay/contracts";

/** The server's own refusal, as it says it in problem details (RFC 9457). */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  /** Of the error catalogue; a newer server may know more codes than this client. */
  readonly code: string;
  readonly detail: string;
  readonly fault: "client" | "platform";
  readonly issues: readonly ErrorIssue[];
  readonly correlationId: string;
  /** What Retry-After asks for; null when the server names no time. */
  readonly retryAfterSeconds: number | null;

  constructor(problem: ProblemDetails, status: number, retryAfterSeconds: number | null) {
    super(problem.detail);
    this.status = status;
    this.code = problem.code;
    this.detail = problem.detail;
    this.fault = problem.fault;
    this.issues = problem.issues;
    this.correlationId = problem.correlationId;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Nobody answered: no connection, a broken one, a time-out, or a proxy that says so. The request may have worked. */
export class ServerUnavailable extends Error {
  override readonly name = "ServerUnavailable";
  readonly retryAfterSeconds: number | null;

  constructor(message: string, options: { cause?: unknown; retryAfterSeconds?: number | null } = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}

/** Somebody answered who does not speak this API, or another version of it. */
export class UnexpectedAnswer extends Error {
  override readonly name = "UnexpectedAnswer";
  readonly status: number;

  constructor(status: number, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.status = status;
  }
}

const TEMPORARY_STATUS = new Set([429, 502, 503, 504]);

/** True when the same call may succeed later without anybody changing it. */
export const isTemporary = (error: unknown): error is ServerUnavailable | ApiError =>
  error instanceof ServerUnavailable || (error instanceof ApiError && TEMPORARY_STATUS.has(error.status));

/** How long the server asks to stay away, ms; 0 when it does not say. */
export const retryAfterMs = (error: unknown): number =>
  error instanceof ServerUnavailable || error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
