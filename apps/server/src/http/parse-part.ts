import { AssayError } from "@assay/contracts";
import type { z } from "zod";

/**
 * One part of a request in the shape of its schema.
 *
 * @throws AssayError `invalid_request` that names each field
 */
export function parsePart<Schema extends z.ZodType>(
  part: "params" | "query" | "body",
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => ({
    where: [part, ...path.map(String)].join("/"),
    line: null,
    message,
  }));
  const [first] = issues;
  const detail = first === undefined ? `The ${part} is not valid.` : `${first.where}: ${first.message}.`;
  throw new AssayError("invalid_request", detail, { issues });
}
