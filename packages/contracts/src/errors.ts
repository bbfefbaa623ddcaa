/**
 * The error catalogue: every error that a client can meet, in one place.
 *
 * `fault` says who can mend it. The title is a sentence that says what to do.
 */
export type ErrorFault = "client" | "platform";

interface ErrorEntry {
  readonly status: number;
  readonly fault: ErrorFault;
  readonly title: string;
}

const entry = (status: number, fault: ErrorFault, title: string): ErrorEntry => ({ status, fault, title });

export const errorCatalogue = {
  malformed_json: entry(400, "client", "The body is not valid JSON; mend it and send it again."),
  body_not_utf8: entry(
    400,
    "client",
    "The body is not UTF-8; JSON must be UTF-8, other bytes belong in a base64 field.",
  ),
  invalid_request: entry(400, "client", "The request does not fit this route; see `issues` for each field."),
  unauthenticated: entry(401, "client", "Send `Authorization: Bearer <token>` with a valid token."),
  forbidden: entry(403, "client", "This token's role does not allow this; ask an owner for another role."),
  not_found: entry(
    404,
    "client",
    "There is no such thing here, or it belongs to another organization; check the id.",
  ),
  method_not_allowed: entry(405, "client", "This path does not take this method; see /api/v1/openapi.json."),
  conflict: entry(
    409,
    "client",
    "The object is not in a state that allows this; read it again and decide anew.",
  ),
  fence_refused: entry(
    409,
    "client",
    "Another attempt owns this job now; stop the work and discard the result.",
  ),
  too_large: entry(413, "client", "The body is larger than this route takes; send less."),
  unsupported_media_type: entry(
    415,
    "client",
    "This route takes another content type; see /api/v1/openapi.json.",
  ),
  source_empty: entry(422, "client", "The source is empty; send a program."),
  source_too_large: entry(413, "client", "The source is larger than the limit; shorten it."),
  source_not_text: entry(422, "client", "The source is not UTF-8 text or holds NUL bytes; send a text file."),
  bad_path: entry(
    422,
    "client",
    "A file name must be a plain relative path without `..`, NUL or a leading slash.",
  ),
  unknown_language: entry(422, "client", "There is no such language; GET /api/v1/languages lists them."),
  language_unavailable: entry(
    422,
    "client",
    "No connected runner can run this language now; GET /api/v1/languages says why.",
  ),
  isolation_unavailable: entry(
    422,
    "client",
    "No connected runner gives the isolation that the job requires; GET /api/v1/runners lists what each offers.",
  ),
  language_not_allowed: entry(
    422,
    "client",
    "This problem does not take this language; choose one that the problem names.",
  ),
  problem_refused: entry(
    409,
    "client",
    "The problem's package did not pass its verification; mend the package and upload it again.",
  ),
  problem_not_measured: entry(
    409,
    "client",
    "The problem's time limit is not known yet; wait until its verification has ended and submit again.",
  ),
  unknown_problem: entry(422, "client", "There is no such problem; GET /api/v1/problems lists them."),
  unknown_problem_set: entry(
    422,
    "client",
    "There is no such problem set; GET /api/v1/problem-sets lists them.",
  ),
  problem_not_in_set: entry(
    422,
    "client",
    "The problem set does not have this problem; choose one of those that it lists.",
  ),
  nothing_selected: entry(422, "client", "No submission fits the selection; widen it."),
  limit_out_of_range: entry(422, "client", "A limit is outside of what this server allows; ask for less."),
  package_unreadable: entry(
    422,
    "client",
    "The archive can't be read as zip or tar.gz; pack the package again.",
  ),
  package_unsafe: entry(
    422,
    "client",
    "The archive holds something that may not be unpacked; remove the named entry.",
  ),
  package_too_large: entry(413, "client", "The package is larger than the limit; make it smaller."),
  package_invalid: entry(
    422,
    "client",
    "The package breaks its format; mend the named file and upload again.",
  ),
  package_unsupported: entry(
    422,
    "client",
    "The package needs a feature that this version can't judge; see the named feature.",
  ),
  blob_mismatch: entry(
    422,
    "client",
    "The bytes don't have the digest that the path names; send the blob again.",
  ),
  image_storage_full: entry(
    413,
    "client",
    "The organization's images take all the disk that they may; withdraw some that nobody needs, or ask the operator for more.",
  ),
  image_incomplete: entry(
    409,
    "client",
    "Blobs of the image are missing; upload those that `issues` names, then publish it again.",
  ),
  image_invalid: entry(422, "client", "The blobs are no OCI image; push the image again."),
  rate_limited: entry(429, "client", "Too many requests; wait as long as Retry-After says."),
  internal: entry(
    500,
    "platform",
    "The server failed; try again, and give the operator the correlation id if it stays.",
  ),
  database_unavailable: entry(
    503,
    "platform",
    "The database can't be reached; wait as long as Retry-After says and try again.",
  ),
  shutting_down: entry(503, "platform", "The server is stopping; try again in a moment."),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorCatalogue;

/** An error of the catalogue with what is particular to this case. */
export class AssayError extends Error {
  readonly code: ErrorCode;
  readonly issues: readonly ErrorIssue[];
  override readonly name = "AssayError";

  constructor(
    code: ErrorCode,
    detail: string,
    options: { issues?: readonly ErrorIssue[]; cause?: unknown } = {},
  ) {
    super(detail, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.issues = options.issues ?? [];
  }

  get status(): number {
    return errorCatalogue[this.code].status;
  }
}

/** Where in the input something is wrong. For a package: file and line (1-based) where known. */
export interface ErrorIssue {
  readonly where: string;
  readonly line: number | null;
  readonly message: string;
}
