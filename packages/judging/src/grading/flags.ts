/** What `grader_flags` ask of the default grader of the legacy format. */
export interface GraderFlags {
  readonly verdict: "worst_error" | "first_error" | "always_accept";
  readonly score: "sum" | "avg" | "min" | "max";
  readonly ignoreSample: boolean;
  readonly acceptIfAnyAccepted: boolean;
}

/** Of several modes the last one counts, as the format says. Words that are no flag have been refused with the package. */
export const graderFlagsOf = (words: readonly string[]): GraderFlags => {
  let flags: GraderFlags = {
    verdict: "worst_error",
    score: "sum",
    ignoreSample: false,
    acceptIfAnyAccepted: false,
  };
  for (const word of words) {
    switch (word) {
      case "worst_error":
      case "first_error":
      case "always_accept":
        flags = { ...flags, verdict: word };
        break;
      case "sum":
      case "avg":
      case "min":
      case "max":
        flags = { ...flags, score: word };
        break;
      case "ignore_sample":
        flags = { ...flags, ignoreSample: true };
        break;
      case "accept_if_any_accepted":
        flags = { ...flags, acceptIfAnyAccepted: true };
        break;
      default:
        break;
    }
  }
  return flags;
};
