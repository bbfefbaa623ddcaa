import type { JobEventBody, JudgeMode, TestResult } from "@assay/contracts";
import type { Course } from "./grading/course.ts";
import type { GradeBook } from "./grading/grade-book.ts";
import { isShown } from "./grading/plan.ts";
import type { Plan, PlannedCase } from "./grading/plan.ts";
import type { JudgedTest } from "./judged-test.ts";
import { runOrdered } from "./ordered.ts";
import type { Agenda } from "./ordered.ts";

/** How far judging has come. It outlives a program that has to be compiled again. */
export interface Progress {
  readonly plan: Plan;
  readonly course: Course;
  readonly book: GradeBook;
  /** By case: a key that equal ones share; null = there is none like it. */
  readonly equal: readonly (string | null)[];
  /** The first case with such a key that was judged and handed over. */
  readonly judged: Map<string, { readonly name: string; readonly judged: JudgedTest }>;
  /** Cases that were handed over. */
  done: number;
}

export interface CaseOptions {
  readonly mode: JudgeMode;
  readonly parallel: number;
  readonly signal: AbortSignal;
  /** Groups are told of in this case only. */
  readonly showGroups: boolean;
  readonly onEvent: (event: JobEventBody) => void;
  readonly judge: (one: PlannedCase, signal: AbortSignal) => Promise<JudgedTest>;
}

/** Judges what is left of a submission. */
export const judgeCases = async (progress: Progress, options: CaseOptions): Promise<void> => {
  const { plan, equal } = progress;
  const offset = progress.done;
  const underWay = new Map<string, Promise<JudgedTest>>();
  await runOrdered<JudgedTest>({
    agenda: agendaOf(progress, options, offset),
    parallel: options.parallel,
    signal: options.signal,
    run: async (index, signal) => {
      const one = caseAt(plan, offset + index);
      const key = equal[one.index] ?? null;
      if (key === null) return options.judge(one, signal);
      const known = progress.judged.get(key)?.judged ?? (await underWay.get(key)?.catch(() => null)) ?? null;
      // Its equal may have been withdrawn before it ended, and then this one has to run.
      if (known !== null && known.result.verdict !== "IE") return known;
      const own = options.judge(one, signal);
      underWay.set(key, own);
      return own;
    },
  });
};

const caseAt = (plan: Plan, index: number): PlannedCase => {
  const one = plan.cases[index];
  if (one === undefined) throw new RangeError(`there is no case ${index}`);
  return one;
};

const agendaOf = (
  progress: Progress,
  { onEvent, showGroups }: CaseOptions,
  offset: number,
): Agenda<JudgedTest> => {
  const { plan, course, book } = progress;
  return {
    count: plan.cases.length - offset,
    isNeeded: (index) => course.skipReason(caseAt(plan, offset + index)) === null,
    async handOver(index, judged) {
      const one = caseAt(plan, offset + index);
      const result = enter(progress, one, judged);
      progress.done = one.index + 1;
      if (judged !== null) onEvent({ type: "test", result, done: progress.done, total: plan.cases.length });
      course.take(one, result.verdict);
      for (const group of course.endingWith(one)) {
        const graded = await book.enterGroup(group);
        course.leave(group, graded.verdict);
        if (showGroups && isShown(group)) onEvent({ type: "group", result: graded });
      }
    },
    *ahead(index, known) {
      const fork = course.fork();
      for (let at = offset + index; at < plan.cases.length; at++) {
        const one = caseAt(plan, at);
        const isSkipped = fork.skipReason(one) !== null;
        if (!isSkipped) yield one.index - offset;
        fork.take(one, isSkipped ? "SK" : (known(one.index - offset)?.result.verdict ?? null));
        for (const group of fork.endingWith(one)) fork.leave(group, null);
      }
    },
  };
};

const enter = (
  { course, book, equal, judged: first }: Progress,
  one: PlannedCase,
  judged: JudgedTest | null,
): TestResult => {
  const counts = course.counts(one);
  if (judged === null) return book.enterSkipped(one, course.skipReason(one) ?? "", counts);
  const key = equal[one.index] ?? null;
  const same = key === null ? undefined : first.get(key);
  if (key !== null && same === undefined) first.set(key, { name: one.name, judged });
  if (same === undefined) return book.enter(one, judged, counts);
  const { result } = same.judged;
  return book.enter(one, { ...same.judged, result: { ...result, sameAs: same.name } }, counts);
};
