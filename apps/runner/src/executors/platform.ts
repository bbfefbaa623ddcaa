import { ApiError, ServerUnavailable, UnexpectedAnswer } from "@assay/client";
import { SandboxError } from "@assay/sandbox";
import type { SandboxErrorCode } from "@assay/sandbox";
import { GivenBack, JobRefused, Lacking } from "../attempts/endings.ts";
import { BlobUnreadable } from "../caches/blob-cache.ts";

/** What the job itself brings about: no machine's sandbox would take it. */
const jobsOwn: ReadonlySet<SandboxErrorCode> = new Set(["bad_path", "out_of_range", "too_large"]);

/**
 * What a failure of an executor means for its attempt: work that this machine can't do now goes back
 * to the queue with the reason, work that none can do is refused; anything else passes as it is.
 */
export function asEnding(error: unknown): unknown {
  if (error instanceof SandboxError && jobsOwn.has(error.code)) {
    return new JobRefused(`no sandbox takes this job (${error.code}): ${error.message}`, { cause: error });
  }
  if (error instanceof SandboxError) {
    const GiveBack = error.code === "unknown_image" ? Lacking : GivenBack;
    return new GiveBack(`the sandbox of this runner failed (${error.code}): ${error.message}`, {
      cause: error,
    });
  }
  if (error instanceof BlobUnreadable) {
    return new GivenBack(`the problem package can't be read: ${error.message}`, { cause: error });
  }
  if (error instanceof ApiError || error instanceof ServerUnavailable || error instanceof UnexpectedAnswer) {
    return new GivenBack(`the problem package can't be fetched: ${error.message}`, { cause: error });
  }
  return error;
}
