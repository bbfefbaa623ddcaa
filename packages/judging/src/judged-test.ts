import type { TestResult } from "@assay/contracts";

/** What one test gave, before its group made points of it. */
export interface JudgedTest {
  /** Its `score` is null yet. */
  readonly result: TestResult;
  /** score.txt of an output validator; null = it wrote none. */
  readonly score: number | null;
  /** score_multiplier.txt, 0 to 1; null = it wrote none. Never both. */
  readonly multiplier: number | null;
}
