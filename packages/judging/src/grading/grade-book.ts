import { faultOf } from "@assay/contracts";
import type { GroupResult, TestResult, Verdict } from "@assay/contracts";
import type { JudgedTest } from "../judged-test.ts";
import type { LegacyRule, ModernRule, TestCase } from "../package/types.ts";
import { graderFlagsOf } from "./flags.ts";
import { tidy } from "./grade.ts";
import type { Grade, Member, Ranking } from "./grade.ts";
import { gradeLegacy, inRange, legacyCaseScore } from "./legacy.ts";
import { caseMaximum, gradeCase, gradeModern } from "./modern.ts";
import { isShown } from "./plan.ts";
import type { Plan, PlannedCase, PlannedGroup } from "./plan.ts";

/** What a custom grader says, or why it said nothing that can be used (then it is a judge error). */
type GraderAnswer =
  | { readonly ok: true; readonly verdict: Verdict; readonly score: number | null }
  | { readonly ok: false; readonly text: string };

/** Runs a custom grader of a legacy package. */
export type RunGrader = (request: {
  readonly group: string;
  readonly rule: LegacyRule;
  /** In order; without those behind a break. */
  readonly results: readonly { readonly verdict: Verdict; readonly score: number }[];
}) => Promise<GraderAnswer>;

export interface GradeBookOptions {
  readonly ranking: Ranking;
  /** Whether validators of the package may write a score.txt, so that a test's largest score is not known. */
  readonly customScores: boolean;
  readonly runGrader: RunGrader;
}

/**
 * Points and verdicts of cases and groups, entered in the order of the package: each case once, each
 * group when all in it are entered.
 */
export class GradeBook {
  readonly #plan: Plan;
  readonly #options: GradeBookOptions;
  readonly #results = new Map<PlannedCase, TestResult>();
  /** Those with a say in the verdict of their group. */
  readonly #counted = new Map<PlannedCase, Member>();
  readonly #grades = new Map<PlannedGroup, Grade>();
  readonly #groupResults = new Map<PlannedGroup, GroupResult>();
  readonly #largest: ReadonlyMap<PlannedCase | PlannedGroup, number | null>;

  constructor(plan: Plan, options: GradeBookOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#largest = largestScores(plan, options.customScores);
  }

  get results(): readonly TestResult[] {
    return this.#plan.cases.flatMap((one) => this.#results.get(one) ?? []);
  }

  /** From the outside in, in the order of the package. */
  get groups(): readonly GroupResult[] {
    return this.#plan.groups.filter(isShown).flatMap((group) => this.#groupResults.get(group) ?? []);
  }

  resultOf(index: number): TestResult | null {
    const one = this.#plan.cases[index];
    return one === undefined ? null : (this.#results.get(one) ?? null);
  }

  gradeOf(group: PlannedGroup): Grade | null {
    return this.#grades.get(group) ?? null;
  }

  largestOf(group: PlannedGroup): number | null {
    return this.#largest.get(group) ?? null;
  }

  enterSkipped(one: PlannedCase, reason: string, counts: boolean): TestResult {
    const result: TestResult = {
      ...skipped,
      name: one.name,
      evidence: { ...skipped.evidence, text: reason },
    };
    this.#results.set(one, result);
    if (counts) this.#counted.set(one, { verdict: "SK", score: 0, cause: null, reason: null });
    return result;
  }

  /** @param counts false behind a break: the result is shown, and gives nothing */
  enter(one: PlannedCase, judged: JudgedTest, counts: boolean): TestResult {
    const grade = this.#gradeCase(one, judged);
    const text = grade.problem ?? judged.result.evidence.text;
    const result: TestResult = {
      ...judged.result,
      name: one.name,
      verdict: grade.verdict,
      fault: faultOf(grade.verdict),
      evidence: {
        ...judged.result.evidence,
        text: counts ? text : `${text} (behind a failure that ended the group: does not count)`,
      },
      score: counts && grade.score !== null ? tidy(grade.score) : null,
      maxScore: counts && grade.score !== null ? (this.#largest.get(one) ?? null) : null,
    };
    this.#results.set(one, result);
    if (counts) {
      this.#counted.set(one, {
        verdict: grade.verdict,
        score: grade.score ?? 0,
        cause: one.index,
        reason: null,
      });
    }
    return result;
  }

  #gradeCase(
    one: PlannedCase,
    { result, score, multiplier }: JudgedTest,
  ): { readonly verdict: Verdict; readonly score: number | null; readonly problem: string | null } {
    const { group, test } = one;
    const { scoring } = this.#plan;
    if (group.rule.generation === "2025-09") {
      const sample = group.sample;
      return gradeCase(
        result.verdict,
        { score, multiplier },
        {
          aggregation: scoring && !sample ? group.rule.aggregation : "none",
          sample,
          maximum: this.#largest.get(one) ?? null,
        },
      );
    }
    const { verdict } = result;
    if (!scoring) return { verdict, score: null, problem: null };
    const points = legacyCaseScore(group.rule, test, verdict === "AC", score);
    if (Number.isFinite(points)) return { verdict, score: points, problem: null };
    return {
      verdict: "JE",
      score: group.rule.rejectScore,
      problem: `score.txt holds ${points}, which is no score`,
    };
  }

  /** After all cases and groups in it. */
  async enterGroup(group: PlannedGroup): Promise<GroupResult> {
    const grade = await this.#gradeGroup(group);
    this.#grades.set(group, grade);
    const cases = this.#plan.cases.slice(group.first, group.end);
    const ran = cases.map((one) => this.#results.get(one)).filter((one) => one?.verdict !== "SK");
    const result: GroupResult = {
      name: group.name,
      verdict: grade.verdict,
      score: grade.score,
      maxScore: grade.score === null ? null : this.largestOf(group),
      total: cases.length,
      passed: ran.filter((one) => one?.verdict === "AC").length,
      reason: grade.reason ?? (ran.length === 0 ? this.#whySkipped(group) : null),
    };
    this.#groupResults.set(group, result);
    return result;
  }

  #whySkipped({ first, end }: PlannedGroup): string | null {
    return first === end ? null : (this.resultOf(first)?.evidence.text ?? null);
  }

  async #gradeGroup(group: PlannedGroup): Promise<Grade> {
    const { rule } = group;
    const { scoring } = this.#plan;
    const { ranking } = this.#options;
    const members = this.#membersOf(group);
    if (rule.generation === "2025-09") {
      // Samples give no points, and what holds sample and secret is no group of the format.
      const scores = scoring && !group.sample && group.parent !== null;
      const grade = gradeModern(rule, members, { scores, ranking });
      return grade;
    }
    // A group behind a break was not graded, whatever was run of it.
    if (members.length === 0 && group.first < group.end) {
      return { verdict: "SK", score: scoring ? rule.rejectScore : null, cause: null, reason: null };
    }
    if (rule.grader === null) return gradeLegacy(rule, members, { scoring, ranking });
    return this.#askGrader(group, rule, members);
  }

  async #askGrader(group: PlannedGroup, rule: LegacyRule, members: readonly Member[]): Promise<Grade> {
    const { scoring } = this.#plan;
    const rejectScore = scoring ? rule.rejectScore : null;
    const broken = members.find(({ verdict }) => verdict === "JE" || verdict === "IE" || verdict === "SK");
    // Graders know of no judge errors, and what was not judged can't be graded.
    if (broken !== undefined) {
      return { verdict: broken.verdict, score: rejectScore, cause: broken.cause, reason: broken.reason };
    }
    const answer = await this.#options.runGrader({
      group: group.name,
      rule,
      results: members.map(({ verdict, score }) => ({ verdict, score })),
    });
    if (!answer.ok) return { verdict: "JE", score: rejectScore, cause: null, reason: answer.text };
    const cause = members.find(({ verdict }) => verdict === answer.verdict)?.cause ?? null;
    const reason = "by the package's own grader";
    if (!scoring) return { verdict: answer.verdict, score: null, cause, reason };
    if (answer.verdict !== "AC") return { verdict: answer.verdict, score: rule.rejectScore, cause, reason };
    const grade = inRange(rule, answer.score ?? Number.NaN);
    return { ...grade, reason: grade.reason ?? reason };
  }

  #membersOf(group: PlannedGroup): readonly Member[] {
    const ignoresSample =
      group.rule.generation === "legacy" &&
      group.rule.grader === null &&
      graderFlagsOf(group.rule.graderFlags).ignoreSample;
    const members: Member[] = [];
    for (const member of group.members) {
      if (member.kind === "case") {
        const counted = this.#counted.get(member);
        if (counted !== undefined) members.push(counted);
      } else if (!(member.sample && ignoresSample) && this.#hasSay(member)) {
        const grade = this.#grades.get(member);
        if (grade !== undefined)
          members.push({ ...grade, score: grade.score ?? 0, reason: inGroup(member, grade.reason) });
      }
    }
    return members;
  }

  /** A group without any case, or with none that counts, says nothing. */
  #hasSay({ first, end }: PlannedGroup): boolean {
    return this.#plan.cases.slice(first, end).some((one) => this.#counted.has(one));
  }
}

/** A reason with the name of the innermost group that it is about. */
const inGroup = ({ name }: PlannedGroup, reason: string | null): string | null =>
  reason === null || reason.startsWith("group ") ? reason : `group ${name}: ${reason}`;

const skipped: TestResult = {
  name: "",
  verdict: "SK",
  fault: null,
  cpuMs: 0,
  wallMs: 0,
  memoryBytes: 0,
  evidence: { text: "", outcome: null, limits: null },
  score: null,
  maxScore: null,
  timeCause: null,
  passes: 0,
  sameAs: null,
  teamMessage: null,
  judgeMessage: null,
  diagnostics: [],
  timing: null,
};

/** The most that each case and group can give; null = without bound, or not known. */
const largestScores = (
  { root, scoring }: Plan,
  customScores: boolean,
): ReadonlyMap<PlannedCase | PlannedGroup, number | null> => {
  const largest = new Map<PlannedCase | PlannedGroup, number | null>();
  const visit = (group: PlannedGroup): void => {
    const { rule } = group;
    const tests = group.members.flatMap((member): TestCase[] =>
      member.kind === "case" && member.test !== null ? [member.test] : [],
    );
    for (const member of group.members) {
      if (member.kind === "group") visit(member);
      else if (rule.generation === "2025-09") largest.set(member, caseMaximum(rule, member.test, tests));
      else
        largest.set(
          member,
          customScores ? (member.test?.points ?? null) : legacyCaseScore(rule, member.test, true, null),
        );
    }
    largest.set(
      group,
      rule.generation === "2025-09"
        ? largestModern(group, rule, largest)
        : largestLegacy(group, rule, largest),
    );
  };
  if (scoring) visit(root);
  return largest;
};

const largestModern = (
  group: PlannedGroup,
  rule: ModernRule,
  largest: ReadonlyMap<PlannedCase | PlannedGroup, number | null>,
): number | null => {
  // The score of a submission is that of `secret`.
  const secret = group.members.find((member) => member.kind === "group" && !member.sample);
  if (group.parent === null && secret !== undefined) return largest.get(secret) ?? null;
  return rule.maxScore;
};

/** Beyond all numbers is without bound, too. */
const finite = (score: number): number | null => (Number.isFinite(score) ? score : null);

const largestLegacy = (
  { members }: PlannedGroup,
  rule: LegacyRule,
  largest: ReadonlyMap<PlannedCase | PlannedGroup, number | null>,
): number | null => {
  if (Number.isFinite(rule.range[1])) return rule.range[1];
  if (rule.grader !== null) return null;
  const flags = graderFlagsOf(rule.graderFlags);
  const scores: number[] = [];
  for (const member of members) {
    if (member.kind === "group" && member.sample && flags.ignoreSample) continue;
    const score = largest.get(member) ?? null;
    if (score === null) return null;
    scores.push(score);
  }
  if (scores.length === 0) return 0;
  const sum = scores.reduce((total, score) => total + score, 0);
  switch (flags.score) {
    case "sum":
      return finite(tidy(sum));
    case "avg":
      return finite(tidy(sum / scores.length));
    case "min":
      return Math.min(...scores);
    case "max":
      return Math.max(...scores);
  }
};
