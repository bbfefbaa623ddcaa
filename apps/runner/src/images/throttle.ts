import type { Clock } from "../clock.ts";

/**
 * Lets a value through at most once in so many milliseconds; of those in between none is told later,
 * because newer ones say more. What is `urgent` always goes through.
 */
export const throttled = <Value>(
  clock: Clock,
  everyMs: number,
  tell: (value: Value) => void,
): ((value: Value, urgent: boolean) => void) => {
  let last: number | null = null;
  return (value, urgent) => {
    const now = clock.now();
    if (!urgent && last !== null && now - last < everyMs) return;
    last = now;
    tell(value);
  };
};
