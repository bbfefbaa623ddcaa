/** What a program needs to tell errors apart, and what names the thing in a database that refused. */
const plainFields = ["code", "status", "severity", "schema", "table", "column", "constraint"] as const;
const maxDepth = 5;
const maxErrors = 5;

/**
 * An error as a log line shows it. Only named fields: errors of libraries carry whole connections, rows
 * and passwords.
 */
export function describeError(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const fields = plainFields.flatMap((name) => {
    const value: unknown = Reflect.get(error, name);
    return typeof value === "string" || typeof value === "number" ? [[name, value]] : [];
  });
  const inner = depth < maxDepth;
  return {
    type: error.name,
    message: error.message,
    ...Object.fromEntries(fields),
    stack: error.stack,
    ...(inner && error.cause !== undefined ? { cause: describeError(error.cause, depth + 1) } : {}),
    ...(inner && error instanceof AggregateError
      ? { errors: error.errors.slice(0, maxErrors).map((one: unknown) => describeError(one, depth + 1)) }
      : {}),
  };
}
