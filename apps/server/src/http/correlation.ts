import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";

const sane = /^[A-Za-z0-9][A-Za-z0-9._:-]{7,127}$/;

/** The caller's `X-Request-Id` when it is harmless in a log line, else a new one. */
export function correlationIdOf(request: Pick<IncomingMessage, "headers">): string {
  const given = request.headers["x-request-id"];
  return typeof given === "string" && sane.test(given) ? given : randomUUID();
}
