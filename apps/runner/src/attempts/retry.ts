import { ApiError, UnexpectedAnswer, isTemporary, retryAfterMs } from "@assay/client";
import type { Backoff } from "../backoff.ts";
import type { Clock } from "../clock.ts";
import { FenceRefused } from "./endings.ts";

/** The same call may work later: nobody answered, a proxy did, or the server itself stumbled. */
const mayWorkLater = (error: unknown): boolean =>
  isTemporary(error) ||
  (error instanceof ApiError && error.status >= 500) ||
  (error instanceof UnexpectedAnswer && error.status >= 500);

/** The token is no longer valid or not a runner's; no call of this process can work. */
export const isRefusedToken = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 401 || error.status === 403);

const meansFenceRefused = (error: unknown): boolean =>
  error instanceof ApiError && error.code === "fence_refused";

export interface RetryOptions {
  readonly clock: Clock;
  readonly backoff: Backoff;
  readonly signal: AbortSignal;
  /** Called before each wait. */
  readonly onFailure: (error: unknown, waitMs: number) => void;
}

/**
 * Makes a call about an attempt until the server has answered it.
 *
 * @throws FenceRefused when the server says that the job is not this attempt's; the signal's reason;
 * otherwise the error of a call that can't ever work
 */
export async function untilAnswered<T>(call: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { clock, backoff, signal, onFailure } = options;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await call();
    } catch (error) {
      signal.throwIfAborted();
      if (meansFenceRefused(error)) throw new FenceRefused();
      if (!mayWorkLater(error)) throw error;
      const waitMs = backoff.next(retryAfterMs(error));
      onFailure(error, waitMs);
      await clock.sleep(waitMs, signal);
    }
  }
}
