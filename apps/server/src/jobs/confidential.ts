import type { JobEvent, JobResult, TestResult } from "@assay/contracts";

/** Who sees only their own jobs must not see what a validator says to the author: it may quote answers. */
export interface Sight {
  readonly onlyOf: string | null;
}

const withoutAuthorsWords = (test: TestResult): TestResult =>
  test.judgeMessage === null || test.judgeMessage === undefined ? test : { ...test, judgeMessage: null };

/** A result as this viewer may see it. */
export const resultFor = (result: JobResult | null, { onlyOf }: Sight): JobResult | null =>
  onlyOf === null || result?.kind !== "judge"
    ? result
    : { ...result, tests: result.tests.map(withoutAuthorsWords) };

/** An event as this viewer may see it. */
export const eventFor = (event: JobEvent, { onlyOf }: Sight): JobEvent =>
  onlyOf === null || event.body.type !== "test"
    ? event
    : { ...event, body: { ...event.body, result: withoutAuthorsWords(event.body.result) } };
