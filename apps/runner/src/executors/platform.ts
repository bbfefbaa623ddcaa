import { ApiError, ServerUnavailable, UnexpectedAnswer } from "@assay/client";
import { SandboxError } from "@assay/sandbox";
import { GivenBack } from "../attempts/endings.ts";
import { BlobUnreadable } from "../caches/blob-cache.ts";

/**
 * What a failure of an executor means for its attempt: work that this machine can't do now goes back
 * to the queue with the reason; anything else passes as it is.
 */
export function asEnding(error: unknown): unknown {
  if (error instanceof SandboxError) {
    return new GivenBack(`the sandbox of this runner failed (${error.code}): ${error.message}`, {
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
