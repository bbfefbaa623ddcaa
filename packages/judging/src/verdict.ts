import type { Limits, Outcome, Verdict } from "@assay/contracts";

/**
 * What a run says of a test by itself, or null when the output has to be compared.
 *
 * The first that applies: the platform failed (IE), the program could not start, memory, CPU or real
 * time, output, then a signal, a refused system call, one process too many or an exit code other than
 * 0. A program that ended by itself but had used more than its CPU limit is too slow all the same: the
 * sandbox stops it soon after the limit, not at it.
 *
 * A program that waits without end is too slow. A file that grew too large is a run-time error like
 * any other signal: the output limit of a problem is about what it prints.
 *
 * @param ownProgram whether what was to be started came out of the submission; when it did not, a
 *   program that can't be started is the platform's fault
 * @param fileBytes what it wrote to files, which counts as output
 */
export const verdictOf = (
  outcome: Outcome,
  limits: Limits,
  ownProgram: boolean,
  fileBytes = 0,
): Verdict | null => {
  switch (outcome.status) {
    case "platform":
    case "cancelled":
      return "IE";
    case "start_failed":
      return ownProgram ? "RTE" : "IE";
    case "memory_limit":
      return "MLE";
    case "cpu_limit":
    case "wall_limit":
    case "idle_limit":
      return "TLE";
    case "output_limit":
      return "OLE";
    case "signalled":
    case "refused_syscall":
    case "process_limit":
    case "file_limit":
    case "exited":
      break;
  }
  if (outcome.cpuMs > limits.cpuMs) return "TLE";
  if (outcome.stdoutBytes + outcome.stderrBytes + fileBytes > limits.outputBytes) return "OLE";
  if (outcome.status !== "exited" || outcome.exitCode !== 0) return "RTE";
  // Within the limit nothing is cut, unless the sandbox had no memory for it: there is nothing to compare.
  return outcome.stdoutTruncated ? "IE" : null;
};
