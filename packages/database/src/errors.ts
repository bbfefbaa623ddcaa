import { AssayError } from "@assay/contracts";

/** System errors of a socket that say "there is no server to talk to". */
const socketErrors = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOENT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "ETIMEDOUT",
]);

/** pg reports these without a code. */
const unavailableMessages =
  /connection terminated|timeout exceeded when trying to connect|not queryable|client was closed|timeout expired|query read timeout/i;

const codeOf = (error: unknown): string | null =>
  typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"
    ? error.code
    : null;

/** SQLSTATE of an error that PostgreSQL itself reported, or null. */
export const sqlState = (error: unknown): string | null => {
  const code = codeOf(error);
  return code !== null && /^[0-9A-Z]{5}$/.test(code) && !socketErrors.has(code) ? code : null;
};

/**
 * Shutdown (57P0x), connection exception (08), insufficient resources (53: disk, memory,
 * connections) and a server that only reads (25006): the statement was not at fault.
 */
const isUnavailableState = (state: string): boolean =>
  state.startsWith("57P") || state.startsWith("08") || state.startsWith("53") || state === "25006";

/**
 * The connection's prepared statements no longer fit: a migration changed a table under them, or a
 * proxy switched the server's connection.
 */
export const isStalePlan = (error: unknown): boolean => {
  const state = sqlState(error);
  return (
    state === "26000" ||
    (state === "0A000" && error instanceof Error && error.message.includes("cached plan"))
  );
};

/**
 * Nothing happened, and running it again is safe: two transactions waited for each other, or could
 * not be put into an order, or the statement was prepared for another shape of its tables.
 */
export const isRetryable = (error: unknown): boolean => {
  const state = sqlState(error);
  return state === "40P01" || state === "40001" || isStalePlan(error);
};

export const isUnavailable = (error: unknown): boolean => {
  if (error instanceof AssayError) return error.code === "database_unavailable";
  const state = sqlState(error);
  if (state !== null) return isUnavailableState(state);
  const code = codeOf(error);
  if (code !== null && socketErrors.has(code)) return true;
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  return error instanceof Error && unavailableMessages.test(error.message);
};

/** The same error, or `database_unavailable` in its place when the server could not be asked. */
export const translate = (error: unknown): unknown =>
  isUnavailable(error) && !(error instanceof AssayError)
    ? new AssayError("database_unavailable", "The database did not answer.", { cause: error })
    : error;
