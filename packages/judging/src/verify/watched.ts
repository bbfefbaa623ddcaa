import { standardStreams } from "@assay/sandbox";
import type { RunReport, RunSpec } from "@assay/sandbox";
import { NotHere } from "../not-here.ts";
import type { PackageTool } from "../programs/tool.ts";
import { validatorBox } from "../validators/custom.ts";
import type { Checking } from "./context.ts";

/** One run of an output validator on an output that is there as a whole. */
export interface WatchedRun {
  readonly input: Uint8Array;
  readonly answer: Uint8Array;
  readonly output: Uint8Array;
  readonly args: readonly string[];
}

const before = ".judge/before";
const after = ".judge/after";

/**
 * Lists what is in the box before and after the validator, so that what it writes outside of its
 * feedback directory can be told, and ends as the validator ends.
 */
const watching = `list() { for each in /w/* /w/.[!.]* /w/.judge/* /w/.judge/submission/* /tmp/*; do
  [ -e "$each" ] && printf '%s\\n' "$each"
done; }
mkdir -p /w/.judge
list >/w/${before}
"$@"
code=$?
list >/w/${after}
[ $code -gt 128 ] && kill -$((code - 128)) $$
exit $code`;

/** Runs an output validator, and warns when it writes where it should not. */
export const runWatched = async (
  checking: Checking,
  tool: PackageTool,
  { input, answer, output, args }: WatchedRun,
): Promise<{ readonly verdict: "AC" | "WA" | "JE"; readonly text: string }> => {
  const { context, problem, report, limits } = checking;
  const { spec, judge } = validatorBox(
    {
      package: problem,
      tool,
      input,
      answer,
      args,
      scores: problem.type.scoring,
      // There is no submission, but the directory in which the validator runs must be there.
      submission: [{ path: "submission.txt", content: new Uint8Array() }],
      before: undefined,
    },
    standardStreams({ stdin: output, outputBytes: limits.outputBytes, onOutputLimit: "stop" }),
  );
  const ended = await context.sandbox.run(watched(spec), { signal: context.signal });
  context.signal.throwIfAborted();
  const judgement = judge({
    ...ended,
    collected: ended.collected.filter(({ path }) => path !== before && path !== after),
  });
  if (judgement.verdict === "IE") throw new NotHere(judgement.text);
  const strays = straysIn(ended);
  if (strays.length > 0) {
    report.oneOfMany(`${tool.path} strays`, {
      severity: "warning",
      check: "output-validators",
      where: tool.path,
      message: `writes outside of its feedback directory: ${strays.join(", ")}`,
    });
  }
  const { verdict, judgeMessage } = judgement;
  const text = judgeMessage === null ? judgement.judgeText : `${judgement.judgeText}: ${judgeMessage}`;
  return { verdict: verdict === "AC" || verdict === "WA" ? verdict : "JE", text };
};

const watched = (spec: RunSpec): RunSpec => ({
  ...spec,
  argv: ["/bin/sh", "-c", watching, "sh", ...spec.argv],
  collect:
    spec.collect === null
      ? null
      : { ...spec.collect, paths: [...spec.collect.paths, before, after], truncate: true },
});

const straysIn = (report: RunReport): readonly string[] => {
  const names = (path: string): readonly string[] => {
    const file = report.collected.find((each) => each.path === path);
    return file === undefined ? [] : Buffer.from(file.content).toString("utf8").split("\n");
  };
  const known = new Set([...names(before), `/w/${before}`, `/w/${after}`, ""]);
  return names(after)
    .filter((name) => !known.has(name))
    .slice(0, 5)
    .map((name) => JSON.stringify(name.startsWith("/w/") ? name.slice(3) : name));
};
