export { createClient } from "./client.ts";
export type { Client, ClientOptions } from "./client.ts";
export { ApiError, ServerUnavailable, UnexpectedAnswer, isTemporary, retryAfterMs } from "./errors.ts";
export type { EventsOptions } from "./events.ts";
export type { CallInput } from "./request.ts";
