import type { Limits, Outcome } from "@assay/contracts";
import { captured } from "@assay/sandbox";
import type { RunReport, RunSpec } from "@assay/sandbox";
import { writtenBytes } from "../box-limits.ts";
import type { Program } from "../compile.ts";
import { describeOutcome } from "../evidence.ts";
import type { FormatVersion } from "../package/types.ts";
import { noFeedback, readFeedback } from "./feedback.ts";
import type { Feedback } from "./feedback.ts";
import { readScore } from "./score-file.ts";

/** What a validator's exit codes mean; every other one, 0 included, means that it is broken. */
export const acceptCode = 42;
const rejectCode = 43;

/** What one validator said of one output. */
export interface Judgement {
  readonly verdict: "AC" | "WA" | "JE" | "IE";
  /** Why, without anything that the validator wrote. */
  readonly text: string;
  /** The same with the last line of its stderr: for the author. */
  readonly judgeText: string;
  readonly judgeMessage: string | null;
  readonly teamMessage: string | null;
  readonly score: number | null;
  readonly multiplier: number | null;
  /** Input of another pass; null = there is none. */
  readonly nextPass: Uint8Array | null;
  readonly outcome: Outcome;
  readonly limits: Limits;
}

export interface JudgementRules {
  readonly formatVersion: FormatVersion;
  /** Path of the validator. */
  readonly path: string;
  readonly limits: Limits;
  /** Whether score files mean anything for this test. */
  readonly scores: boolean;
  /** Whether nextpass.in does. */
  readonly passes: boolean;
}

/** What was placed in the box. */
interface Placed {
  readonly base: Program["artifact"];
  readonly files: RunSpec["files"];
}

/**
 * Reads what a run of a validator means.
 *
 * @param swapped whether the box told 0 for 42 and the other way round (see around.ts)
 */
export const judgementOf = (
  rules: JudgementRules,
  report: RunReport,
  placed: Placed,
  swapped: boolean,
): Judgement => {
  const outcome = swapped ? unswapped(report.outcome) : report.outcome;
  const feedback = report.collected.length === 0 ? noFeedback : readFeedback(report.collected);
  const stderr = captured(report, 2);
  const of = (verdict: Judgement["verdict"], text: string, judgeText = text): Judgement => ({
    verdict,
    text,
    judgeText,
    judgeMessage: withImages(feedback),
    teamMessage: feedback.teamMessage,
    score: null,
    multiplier: null,
    nextPass: null,
    outcome,
    limits: rules.limits,
  });
  const broken = (what: string): Judgement => of("JE", `the validator ${rules.path} ${what}`);

  if (outcome.status === "platform" || outcome.status === "cancelled") {
    return of("IE", `the validator ${rules.path}: ${describeOutcome(outcome, rules.limits, null)}`);
  }
  const written =
    outcome.stdoutBytes + outcome.stderrBytes + writtenBytes(outcome, placed.base, boxFiles(placed.files));
  const ended = outcome.status === "exited" && outcome.cpuMs <= rules.limits.cpuMs;
  if (ended && written > rules.limits.outputBytes) {
    return broken(`wrote ${written} bytes, more than its output limit of ${rules.limits.outputBytes}`);
  }
  if (!ended || (outcome.exitCode !== acceptCode && outcome.exitCode !== rejectCode)) {
    const expected = ended ? `, which is neither ${acceptCode} (accepted) nor ${rejectCode} (rejected)` : "";
    const say = (quoted: Uint8Array | null): string =>
      `the validator ${rules.path} is broken: ${describeOutcome(outcome, rules.limits, quoted)}${expected}`;
    return of("JE", say(null), say(stderr));
  }
  if (report.keepRefused !== null) return broken(`left too much for the next pass: ${report.keepRefused}`);
  if (feedback.fault !== null) return broken(`left feedback that can't be read: ${feedback.fault}`);

  const accepted = outcome.exitCode === acceptCode;
  if (rules.passes && !accepted && feedback.nextPass !== null) {
    return broken(`wrote nextpass.in and yet ended with ${rejectCode}`);
  }
  const nextPass = rules.passes ? feedback.nextPass : null;
  const scores = scoresOf(rules, feedback, accepted);
  if (typeof scores === "string") return broken(scores);
  const text = accepted ? "accepted" : "rejected by the output validator";
  return { ...of(accepted ? "AC" : "WA", text), ...scores, nextPass };
};

const unswapped = (outcome: Outcome): Outcome => {
  if (outcome.exitCode === 0) return { ...outcome, exitCode: acceptCode };
  return outcome.exitCode === acceptCode ? { ...outcome, exitCode: 0 } : outcome;
};

const boxFiles = (files: RunSpec["files"]) => files.filter((file) => "content" in file);

const withImages = ({ judgeMessage, images }: Feedback): string | null => {
  if (images.length === 0) return judgeMessage;
  const note = `(not kept: ${images.join(", ")})`;
  return judgeMessage === null ? note : `${judgeMessage}\n${note}`;
};

type Scores = Pick<Judgement, "score" | "multiplier">;

/** Why the score files are wrong, or what they say. */
const scoresOf = (rules: JudgementRules, feedback: Feedback, accepted: boolean): Scores | string => {
  const none: Scores = { score: null, multiplier: null };
  if (!rules.scores) return none;
  const { score, multiplier } = feedback;
  if (rules.formatVersion !== "2025-09") {
    // Older formats know score.txt only, of any sign, and say nothing of what is rejected.
    if (score === null || !accepted) return none;
    const number = readScore("score.txt", score);
    return typeof number === "string" ? `wrote a bad score: ${number}` : { ...none, score: number };
  }
  if (score !== null && multiplier !== null) return "wrote both score.txt and score_multiplier.txt";
  if (!accepted && score !== null) return `wrote score.txt and yet ended with ${rejectCode}`;
  if (!accepted && multiplier !== null) return `wrote score_multiplier.txt and yet ended with ${rejectCode}`;
  if (score !== null) {
    const number = readScore("score.txt", score);
    if (typeof number === "string") return `wrote a bad score: ${number}`;
    return number < 0 ? `wrote a bad score: score.txt holds ${number}, below 0` : { ...none, score: number };
  }
  if (multiplier !== null) {
    const number = readScore("score_multiplier.txt", multiplier);
    if (typeof number === "string") return `wrote a bad score: ${number}`;
    if (number < 0 || number > 1) {
      return `wrote a bad score: score_multiplier.txt holds ${number}, which is not from 0 to 1`;
    }
    return { ...none, multiplier: number };
  }
  return none;
};
