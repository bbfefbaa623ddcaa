import type { JudgeMode, Verdict } from "@assay/contracts";
import { graderFlagsOf } from "./flags.ts";
import type { GraderFlags } from "./flags.ts";
import type { Ranking } from "./grade.ts";
import { groupsAround } from "./plan.ts";
import type { Plan, PlannedCase, PlannedGroup } from "./plan.ts";

/**
 * Which cases of a submission have to be run, told in the order of the package.
 *
 * It is walked case by case: `skipReason` asks of the next case, `take` tells how it ended, and
 * `leave` tells the verdict of each group that ends with it. So what is run depends on nothing but the
 * results before, and never on how many ran at once. To look ahead, a fork is walked on with what is
 * known: cases that have not ended count as accepted there.
 *
 * What stops a group in either mode is what the format does not let run: a require_pass that is not
 * met. In `first_failure` it is also what can't change verdict or score any more:
 *
 * - pass-fail problems: everything behind the first failure that the root can't be accepted with
 * - legacy, on_reject: break: the rest of the group
 * - 2025-09, pass-fail and min groups: the rest of the group, which has 0 points by now
 *
 * Where a problem set ranks verdicts, only a failure of the first rank makes others pointless.
 *
 * In `all`, tests behind a break are run to be seen, and don't count: both modes give the same
 * verdict and the same score.
 */
export class Course {
  readonly #plan: Plan;
  readonly #options: CourseOptions;
  /** By group: of its default grader; null = it has another one. */
  readonly #flags: readonly (GraderFlags | null)[];
  readonly #groups: ReadonlyMap<string, PlannedGroup>;
  /** By group: its other cases need not run. */
  #stopped: Uint8Array;
  /** By group: a break happened, its other members don't count. */
  #broken: Uint8Array;
  /** By group: it will not be accepted. */
  #rejected: Uint8Array;
  /** By group: it was or will not be run for want of another one. */
  #barred: Uint8Array;
  /** By group: a member that counts was accepted, one was rejected. */
  #accepted: Uint8Array;
  #failed: Uint8Array;

  constructor(plan: Plan, options: CourseOptions, original: Course | null = null) {
    this.#plan = plan;
    this.#options = options;
    this.#flags = original === null ? plan.groups.map(flagsOf) : original.#flags;
    this.#groups =
      original === null ? new Map(plan.groups.map((group) => [group.name, group])) : original.#groups;
    const none = (): Uint8Array => new Uint8Array(plan.groups.length);
    [this.#stopped, this.#broken, this.#rejected] = [none(), none(), none()];
    [this.#barred, this.#accepted, this.#failed] = [none(), none(), none()];
  }

  fork(): Course {
    const fork = new Course(this.#plan, this.#options, this);
    fork.#stopped = this.#stopped.slice();
    fork.#broken = this.#broken.slice();
    fork.#rejected = this.#rejected.slice();
    fork.#barred = this.#barred.slice();
    fork.#accepted = this.#accepted.slice();
    fork.#failed = this.#failed.slice();
    return fork;
  }

  /** Why the next case is not run; null when it is. */
  skipReason(one: PlannedCase): string | null {
    for (const group of groupsAround(one.group)) {
      const missing = this.#missing(group);
      if (missing !== null) return `not run: it requires that ${missing} passes`;
    }
    for (const group of groupsAround(one.group)) {
      if (this.#is(this.#stopped, group)) return "not needed: the result was certain before";
    }
    return null;
  }

  /** Whether a case has a say in the verdict of the groups around it. */
  counts(one: PlannedCase): boolean {
    for (const group of groupsAround(one.group)) if (this.#is(this.#broken, group)) return false;
    return true;
  }

  /** How the next case ended: `SK` when it was skipped, null when that is not known yet. */
  take(one: PlannedCase, verdict: Verdict | null): void {
    if (verdict === "SK") {
      for (const group of groupsAround(one.group)) {
        if (this.#missing(group) === null || this.#is(this.#barred, group)) continue;
        // The format takes a group that may not run for one whose cases were all rejected.
        this.#mark(this.#barred, group);
        this.#reject(group, "SK", true);
      }
    } else if (verdict === "IE") {
      this.#mark(this.#stopped, this.#plan.root);
    } else if (this.counts(one)) {
      if (verdict === "AC" || verdict === null) this.#mark(this.#accepted, one.group);
      else this.#memberRejected(one.group, verdict, true);
    }
  }

  /** Groups that end with a case, from the inside out. */
  *endingWith(one: PlannedCase): Generator<PlannedGroup> {
    for (const group of groupsAround(one.group)) {
      if (group.end !== one.index + 1) return;
      yield group;
    }
  }

  /** How a group was graded; null when that is not known yet. */
  leave(group: PlannedGroup, verdict: Verdict | null): void {
    const flags = this.#flags[group.index] ?? null;
    const noneAccepted =
      flags !== null &&
      flags.verdict !== "always_accept" &&
      this.#is(this.#failed, group) &&
      !(flags.acceptIfAnyAccepted && this.#is(this.#accepted, group));
    const rejected = verdict === null ? noneAccepted : verdict !== "AC" && verdict !== "SK";
    if (rejected) this.#reject(group, verdict, false);
    const { parent } = group;
    if (parent !== null && !this.#is(this.#rejected, group) && !this.#is(this.#broken, parent)) {
      this.#mark(this.#accepted, parent);
    }
  }

  /** The first group that had to pass before this one and did not; null when all did. */
  #missing(group: PlannedGroup): string | null {
    if (group.rule.generation !== "2025-09") return null;
    for (const name of group.rule.requirePass) {
      const required = this.#groups.get(name);
      if (required === undefined || this.#is(this.#rejected, required)) return name;
    }
    return null;
  }

  /** @param hasNoPoints whether the member that was rejected certainly has a score of 0 */
  #memberRejected(group: PlannedGroup, verdict: Verdict | null, hasNoPoints: boolean): void {
    if (this.#is(this.#broken, group)) return;
    this.#mark(this.#failed, group);
    const { rule } = group;
    if (rule.generation === "legacy") {
      const flags = this.#flags[group.index] ?? null;
      if (rule.onReject === "break" && (this.#plan.scoring || this.#options.ranking === null)) {
        this.#mark(this.#broken, group);
        if (this.#mayStop(verdict)) this.#mark(this.#stopped, group);
      }
      // Whether others may still turn the group into an accepted one is known at its end.
      if (flags === null || flags.verdict === "always_accept" || flags.acceptIfAnyAccepted) return;
      this.#reject(group, verdict, hasNoPoints);
      return;
    }
    const losesAll =
      !this.#plan.scoring || rule.aggregation === "pass-fail" || (rule.aggregation === "min" && hasNoPoints);
    // What holds sample and secret has no rule: samples never stop the secret tests of a scoring problem.
    const isContainer = group.parent === null && this.#plan.scoring;
    if (losesAll && !isContainer && this.#mayStop(verdict)) this.#mark(this.#stopped, group);
    this.#reject(group, verdict, losesAll);
  }

  #reject(group: PlannedGroup, verdict: Verdict | null, hasNoPoints: boolean): void {
    if (this.#is(this.#rejected, group)) return;
    this.#mark(this.#rejected, group);
    const { parent } = group;
    if (parent === null) {
      if (!this.#plan.scoring && this.#mayStop(verdict)) this.#mark(this.#stopped, group);
      return;
    }
    if (group.sample && this.#flags[parent.index]?.ignoreSample === true) return;
    this.#memberRejected(parent, verdict, hasNoPoints);
  }

  #mayStop(verdict: Verdict | null): boolean {
    const { mode, ranking } = this.#options;
    // What was not run names no failure: those behind it have to.
    return mode === "first_failure" && verdict !== "SK" && (ranking === null || ranking[0] === verdict);
  }

  #is(marks: Uint8Array, { index }: PlannedGroup): boolean {
    return marks[index] === 1;
  }

  #mark(marks: Uint8Array, { index }: PlannedGroup): void {
    marks[index] = 1;
  }
}

const flagsOf = ({ rule }: PlannedGroup): GraderFlags | null =>
  rule.generation === "legacy" && rule.grader === null ? graderFlagsOf(rule.graderFlags) : null;

export interface CourseOptions {
  readonly mode: JudgeMode;
  /** Of the problem set. */
  readonly ranking: Ranking;
}
