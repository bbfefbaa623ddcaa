import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./vitest.sequencer.ts";

export default defineConfig({
  test: {
    include: ["packages/**/*.test.ts", "apps/**/*.test.ts", "bench/**/*.test.ts"],
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Vitest would take one worker on two processors, and most of the long tests wait: for a program to
    // reach its limit, for a process to start.
    maxWorkers: Math.max(3, availableParallelism()),
  },
});
