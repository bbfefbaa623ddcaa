import { JudgeError } from "./judge-error.ts";
import { prepareTool } from "./programs/tool.ts";
import type { PackageTool, ProgramContext } from "./programs/tool.ts";
import type { PackageProgram, ProblemPackage, TestGroup } from "./package/types.ts";

/** All programs of a package that judging needs, compiled. */
export interface PreparedJudge extends AsyncDisposable {
  /** Empty = outputs are compared. */
  readonly outputValidators: readonly PackageTool[];
  readonly staticValidator: PackageTool | null;
  /** The tool of a group's own grader. */
  grader(program: PackageProgram): PackageTool;
}

export interface PrepareContext extends Omit<ProgramContext, "limits"> {
  readonly package: ProblemPackage;
}

/**
 * Compiles the output validators, the static validator and the graders of a package, each once.
 *
 * Throws JudgeError when one does not compile or the package can't be judged with what it brings,
 * NotHere when this machine can't run one.
 */
export const prepareJudge = async (context: PrepareContext): Promise<PreparedJudge> => {
  const { package: problem } = context;
  refuseContradictions(problem);
  await using tools = new AsyncDisposableStack();
  const prepare = async (program: PackageProgram): Promise<PackageTool> =>
    tools.use(await prepareTool({ ...context, limits: problem.limits }, program));

  const outputValidators: PackageTool[] = [];
  for (const program of problem.outputValidators) outputValidators.push(await prepare(program));
  const staticValidator = problem.staticValidator === null ? null : await prepare(problem.staticValidator);
  const graders = new Map<string, PackageTool>();
  for (const program of gradersOf(problem.data)) {
    if (!graders.has(program.path)) graders.set(program.path, await prepare(program));
  }
  const kept = tools.move();
  return {
    outputValidators,
    staticValidator,
    grader(program) {
      const tool = graders.get(program.path);
      if (tool === undefined) throw new Error(`${program.path} is no grader of this package`);
      return tool;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
};

const refuseContradictions = ({ type, outputValidators }: ProblemPackage): void => {
  const needs = [...(type.interactive ? ["interactive"] : []), ...(type.multiPass ? ["multi-pass"] : [])];
  if (needs.length > 0 && outputValidators.length === 0) {
    throw contradiction(`the problem is ${needs.join(" and ")}, but has no output validator of its own`);
  }
  if (type.multiPass && outputValidators.length > 1) {
    const paths = outputValidators.map(({ path }) => path).join(", ");
    throw contradiction(`the problem is multi-pass and has several output validators: ${paths}`);
  }
};

const contradiction = (text: string): JudgeError =>
  new JudgeError("problem.yaml", { text, outcome: null, limits: null }, null);

const gradersOf = function* (group: TestGroup): Generator<PackageProgram> {
  if (group.rule.generation === "legacy" && group.rule.grader !== null) yield group.rule.grader;
  for (const member of group.members) if (member.kind === "group") yield* gradersOf(member.group);
};
