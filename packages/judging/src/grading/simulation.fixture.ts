import { standardPolicy } from "@assay/contracts";
import type {
  GroupResult,
  JobEventBody,
  JudgeMode,
  JudgePolicy,
  TestResult,
  Verdict,
} from "@assay/contracts";
import { judgeCases } from "../judge-cases.ts";
import type { JudgedTest } from "../judged-test.ts";
import type { LegacyRule, ModernRule, TestCase, TestGroup, TestGroupMember } from "../package/types.ts";
import { Course } from "./course.ts";
import { GradeBook } from "./grade-book.ts";
import type { RunGrader } from "./grade-book.ts";
import { planOf } from "./plan.ts";
import type { Plan } from "./plan.ts";
import { submissionGrade } from "./submission-grade.ts";
import type { SubmissionGrade } from "./submission-grade.ts";

/**
 * What a test gives, in words: "AC", "WA", "AC:30" with a score.txt of 30, "AC*0.5" with a
 * score_multiplier.txt, "AC:30*0.5" with both, "AC@40" for a test of 40 points.
 */
type TestWord = string;

export interface Branch {
  readonly name: string;
  readonly rule: LegacyRule | ModernRule;
  /** What the static validator says of it; without, none is asked. */
  readonly static?: TestWord;
  readonly members: readonly (TestWord | Branch)[];
}

export const legacyRule = (
  change: Partial<Omit<LegacyRule, "graderFlags">> & { flags?: string } = {},
): LegacyRule => ({
  generation: "legacy",
  onReject: "break",
  grader: null,
  acceptScore: 1,
  rejectScore: 0,
  range: [-Infinity, Infinity],
  ...change,
  graderFlags: (change.flags ?? "").split(" ").filter((word) => word !== ""),
});

export const modernRule = (change: Partial<ModernRule> = {}): ModernRule => ({
  generation: "2025-09",
  maxScore: null,
  aggregation: "pass-fail",
  requirePass: [],
  staticValidationScore: null,
  staticValidatorArgs: [],
  ...change,
});

export interface Simulated {
  readonly grade: SubmissionGrade;
  readonly results: readonly TestResult[];
  readonly groups: readonly GroupResult[];
  /** Names of what was run in vain or not, in the order of its end. */
  readonly ran: readonly string[];
  readonly events: readonly JobEventBody[];
}

const word = /^(?<verdict>[A-Z]+)(?::(?<score>[^*@]+))?(?:\*(?<multiplier>[^@]+))?(?:@(?<points>.+))?$/u;

const judgedOf = (text: TestWord): JudgedTest => {
  const { verdict = "", score, multiplier } = word.exec(text)?.groups ?? {};
  const result: TestResult = {
    name: "",
    verdict: verdict as Verdict,
    fault: null,
    cpuMs: 1,
    wallMs: 1,
    memoryBytes: 1,
    evidence: { text: `was ${verdict}`, outcome: null, limits: null },
    score: null,
    maxScore: null,
    timeCause: null,
    passes: 1,
    sameAs: null,
    teamMessage: null,
    judgeMessage: null,
    diagnostics: [],
    timing: null,
  };
  return {
    result,
    score: score === undefined ? null : Number(score),
    multiplier: multiplier === undefined ? null : Number(multiplier),
  };
};

/** Judges a made-up problem whose tests give what `root` says, as a submission is judged. */
export const simulate = async (
  root: Branch,
  options: {
    readonly scoring: boolean;
    readonly mode?: JudgeMode;
    readonly parallel?: number;
    readonly policy?: Partial<JudgePolicy>;
    readonly customScores?: boolean;
    readonly runGrader?: RunGrader;
    /** Waits before a case ends, so that they end in another order. */
    readonly delay?: (name: string) => Promise<void>;
  },
): Promise<Simulated> => {
  const { plan, words } = planFrom(root, options.scoring);
  const policy = { ...standardPolicy, ...options.policy };
  const mode = options.mode ?? "first_failure";
  const book = new GradeBook(plan, {
    ranking: policy.priority,
    customScores: options.customScores ?? true,
    runGrader: options.runGrader ?? (() => Promise.reject(new Error("there is no grader"))),
  });
  const ran: string[] = [];
  const events: JobEventBody[] = [];
  await judgeCases(
    {
      plan,
      course: new Course(plan, { mode, ranking: policy.priority }),
      book,
      equal: plan.cases.map(() => null),
      judged: new Map(),
      done: 0,
    },
    {
      mode,
      parallel: options.parallel ?? 1,
      signal: new AbortController().signal,
      showGroups: true,
      onEvent: (event) => events.push(event),
      judge: async ({ name }, signal) => {
        await options.delay?.(name);
        signal.throwIfAborted();
        ran.push(name);
        return judgedOf(words.get(name) ?? "");
      },
    },
  );
  return { grade: submissionGrade(plan, book), results: book.results, groups: book.groups, ran, events };
};

const planFrom = (root: Branch, scoring: boolean): { plan: Plan; words: ReadonlyMap<string, TestWord> } => {
  const tests: TestCase[] = [];
  const words = new Map<string, TestWord>();
  const groupOf = ({ name, rule, members, ...branch }: Branch): TestGroup => {
    if (branch.static !== undefined) words.set(`${name}/static`, branch.static);
    let number = 0;
    return {
      name,
      rule,
      members: members.map((member): TestGroupMember => {
        if (typeof member !== "string") return { kind: "group", group: groupOf(member) };
        number++;
        const testName = `${name}/${number}`;
        const points = word.exec(member)?.groups?.["points"];
        words.set(testName, member);
        tests.push({
          ...plainTest,
          name: testName,
          group: name,
          points: points === undefined ? null : Number(points),
        });
        return { kind: "test", test: tests.length - 1 };
      }),
    };
  };
  const type = { scoring, interactive: false, multiPass: false, submitAnswer: false };
  return { plan: planOf({ data: groupOf(root), tests, type }), words };
};

const plainTest: TestCase = {
  name: "",
  group: "",
  sample: false,
  inputPath: "",
  answerPath: "",
  args: [],
  files: [],
  validatorArgs: [],
  inputValidatorArgs: [],
  namedArgs: null,
  comparator: { kind: "exact" },
  points: null,
  fullFeedback: false,
  hint: null,
  description: null,
};
