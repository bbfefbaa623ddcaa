import type { RunReport } from "@assay/sandbox";

/**
 * A program whose output ended so near to its own end closed it by ending, ms. Far more than the moment
 * between the two, because a machine that is busy notices the one or the other late.
 */
const byEndingMs = 1000;

/**
 * When the other side could know of a program's end. Most close their output by ending, and that moment
 * is exact: what the other does about it comes later, however busy the machine is. One that closed its
 * output long before told nothing by it.
 */
const knownEndOf = ({ endedAtMs, passedEndAtMs }: RunReport): number => {
  const ended = endedAtMs ?? 0;
  return passedEndAtMs !== null && passedEndAtMs >= ended - byEndingMs ? passedEndAtMs : ended;
};

/** Whether, of two programs that talk over recorded pipes, `one` ended before the other. */
export const wasFirst = (one: RunReport, other: RunReport): boolean =>
  other.outcome.status === "cancelled" || knownEndOf(one) <= knownEndOf(other);
