import { existsSync } from "node:fs";
import { join } from "node:path";
import { BaseSequencer } from "vitest/node";
import type { TestSpecification } from "vitest/node";

/**
 * The files that take longest, longest first: 15 s to 150 s each on two processors. A clean checkout has no
 * earlier run to go by, and the size of a file says little: the last long one would run alone at the end.
 */
const longest = [
  "packages/judging/src/content.judge.test.ts",
  "apps/cli/src/cli.test.ts",
  "packages/sandbox/src/drivers/wasm/wasm.test.ts",
  "apps/cli/src/stack/recovery.test.ts",
  "packages/judging/src/verify/verify.test.ts",
  "packages/languages/src/messages/examples.test.ts",
  "packages/judging/src/kinds/interactive.test.ts",
  "packages/images/src/reproducible.test.ts",
  "packages/database/src/embedded/embedded.test.ts",
  "apps/cli/src/rejudge.test.ts",
  "apps/cli/src/fetch-images.test.ts",
  "packages/jobs/src/pgboss-queue.test.ts",
  "apps/cli/src/problem.test.ts",
  "apps/cli/src/problem-verify.test.ts",
  "packages/judging/src/kinds/languages.test.ts",
  "apps/cli/src/stack/ensure-images.test.ts",
  "packages/images/src/build.test.ts",
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const paths = longest.map((path) => join(this.ctx.config.root, path));
    for (const path of paths)
      if (!existsSync(path)) throw new Error(`vitest.sequencer.ts names ${path}, which is not there`);
    const rank = (file: TestSpecification): number => {
      const index = paths.indexOf(file.moduleId);
      return index === -1 ? paths.length : index;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
