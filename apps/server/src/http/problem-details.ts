import { AssayError, errorCatalogue } from "@assay/contracts";
import type { ErrorCode, ProblemDetails } from "@assay/contracts";
import { sqlState } from "@assay/database";

/** Seconds after which a client may try again when the platform is away for a moment. */
export const retryAfterSeconds = 1;

/** Errors that Fastify itself raises before a handler runs, in the words of the catalogue. */
const frameworkErrors: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "too_large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "unsupported_media_type",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "invalid_request",
  FST_ERR_BAD_URL: "invalid_request",
  FST_REQ_FILE_TOO_LARGE: "too_large",
  FST_FILES_LIMIT: "invalid_request",
  FST_PARTS_LIMIT: "invalid_request",
  FST_INVALID_MULTIPART_CONTENT_TYPE: "unsupported_media_type",
};

/** SQLSTATEs of values that PostgreSQL can't hold: a NUL in a text, a date that does not exist. */
const unstorable = new Set(["22021", "22P05", "22007", "22008"]);

/** Whatever was thrown, as an error of the catalogue; what is not known becomes `internal`. */
export function asAssayError(error: unknown): AssayError {
  if (error instanceof AssayError) return error;
  const known = error instanceof Error && "code" in error ? frameworkErrors[String(error.code)] : undefined;
  if (known !== undefined && error instanceof Error)
    return new AssayError(known, `${error.message.replace(/\.$/, "")}.`);
  if (unstorable.has(sqlState(error) ?? ""))
    return new AssayError("invalid_request", "A value holds a NUL or an impossible date.", { cause: error });
  return new AssayError("internal", "An unexpected error; the operator's log has it.", { cause: error });
}

/** RFC 9457 problem details of an error. Never holds a stack, a query or a cause. */
export function presentProblem(error: AssayError, correlationId: string): ProblemDetails {
  const entry = errorCatalogue[error.code];
  return {
    type: `urn:assay:error:${error.code}`,
    title: entry.title,
    status: entry.status,
    code: error.code,
    detail: error.message,
    fault: entry.fault,
    issues: error.issues.map(({ where, line, message }) => ({ where, line, message })),
    correlationId,
  };
}
