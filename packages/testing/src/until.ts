import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 5;
const DEFAULT_DEADLINE_MS = 20_000;

/**
 * Waits for what another process does in its own time. The deadline only says when to give up; it
 * is generous because it costs nothing when all goes well.
 */
export async function untilTrue(
  condition: () => boolean | Promise<boolean>,
  what: string,
  deadlineMs = DEFAULT_DEADLINE_MS,
): Promise<void> {
  const giveUpAt = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error(`waited ${deadlineMs} ms in vain until ${what}`);
    await delay(POLL_MS);
  }
}
