import { captured, standardStreams } from "@assay/sandbox";
import type { Artifact } from "@assay/sandbox";
import { loadOf, measureLoad } from "../machine-load.ts";
import type { TestRun } from "./context.ts";
import { judgeOutput } from "./output.ts";
import type { TestData } from "./output.ts";
import { failedPass } from "./pass-end.ts";
import type { PassEnd } from "./pass-end.ts";
import { submissionBox } from "./submission.ts";

/** The submission reads the input and writes an output, which is judged afterwards. */
export const plainPass = async (run: TestRun, data: TestData, before?: Artifact | null): Promise<PassEnd> => {
  const { context, test, limits, signal } = run;
  const box = await submissionBox(run);
  const fds = standardStreams({
    stdin: await data.input(),
    outputBytes: limits.outputBytes,
    onOutputLimit: "stop",
  });
  const load = measureLoad();
  const report = await context.sandbox.run(box.spec(fds, limits), { signal });
  signal.throwIfAborted();
  const { outcome } = report;
  const end = box.end(outcome, limits, captured(report, 2), loadOf(outcome, load));
  if (end.verdict !== null) return failedPass({ ...end, verdict: end.verdict }, outcome, limits);
  return judgeOutput(context, test, data, captured(report, 1), { outcome, limits }, signal, before);
};
