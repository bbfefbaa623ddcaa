import { equalTests } from "./equal-tests.ts";
import type { PackageFiles } from "./package/files.ts";
import type { PackageProgram, ProblemPackage, TestGroup } from "./package/types.ts";

/** A package as far as its features show. */
interface Seen {
  readonly problem: ProblemPackage;
  readonly paths: readonly string[];
  readonly groups: readonly TestGroup[];
  readonly tags: boolean;
  readonly equalTests: boolean;
}

/** What a package of content/problems can be an example of. Each is found in what the parser gives. */
const features = {
  legacy: ({ problem }) => problem.formatVersion === "legacy",
  "legacy-icpc": ({ problem }) => problem.formatVersion === "legacy-icpc",
  "2025-09": ({ problem }) => problem.formatVersion === "2025-09",

  "pass-fail": ({ problem }) => !problem.type.scoring,
  scoring: ({ problem }) => problem.type.scoring,
  interactive: ({ problem }) => problem.type.interactive,
  "multi-pass": ({ problem }) => problem.type.multiPass,
  "submit-answer": ({ problem }) => problem.type.submitAnswer,

  "nested groups": ({ groups }) => groups.some(({ name }) => name.split("/").length > 2),
  "on_reject: continue": ({ groups }) => legacyRules(groups).some((rule) => rule.onReject === "continue"),
  "accept_score and range": ({ groups }) =>
    legacyRules(groups).some((rule) => rule.acceptScore !== 1 && rule.range.every(Number.isFinite)),
  "custom grader": ({ groups }) => legacyRules(groups).some((rule) => rule.grader !== null),
  "objective: min": ({ problem }) => problem.objective === "min",

  "sum group": ({ groups }) => modernRules(groups).some((rule) => rule.aggregation === "sum"),
  "min group": ({ groups }) => modernRules(groups).some((rule) => rule.aggregation === "min"),
  "pass-fail group": ({ problem, groups }) =>
    problem.type.scoring &&
    modernRules(groups).some((rule) => rule.aggregation === "pass-fail" && rule.maxScore !== null),
  require_pass: ({ groups }) => modernRules(groups).some((rule) => rule.requirePass.length > 0),
  "unbounded score": ({ problem, groups }) =>
    problem.type.scoring &&
    groups.some(
      ({ name, rule }) => name === "secret" && rule.generation === "2025-09" && rule.maxScore === null,
    ),
  "score for a static validator": ({ groups }) =>
    modernRules(groups).some((rule) => typeof rule.staticValidationScore === "number"),
  "static validator that passes or fails": ({ groups }) =>
    modernRules(groups).some((rule) => rule.staticValidationScore === "pass-fail"),

  "output validator in C++": ({ problem }) => problem.outputValidators.some(isIn("cpp")),
  "output validator in Python": ({ problem }) => problem.outputValidators.some(isIn("python")),
  "output validator of several files": ({ problem }) =>
    problem.outputValidators.some((program) => program.kind.how === "language" && program.files.length > 1),
  "program with build": ({ problem }) =>
    problem.outputValidators.some(({ kind }) => kind.how === "scripts" && kind.hasBuild),
  "program with run": ({ problem }) =>
    [problem.staticValidator].some((program) => program?.kind.how === "scripts" && !program.kind.hasBuild),
  "several output validators": ({ problem }) => problem.outputValidators.length > 1,
  "arguments for an output validator": ({ problem }) =>
    problem.outputValidators.length > 0 && problem.tests.some((test) => test.validatorArgs.length > 0),

  case_sensitive: ({ problem }) => problem.tests.some((test) => hasFlag(test, "caseSensitive")),
  space_change_sensitive: ({ problem }) =>
    problem.tests.some((test) => hasFlag(test, "spaceChangeSensitive")),
  float_tolerance: ({ problem }) =>
    problem.tests.some(
      ({ comparator }) => comparator.kind === "default" && comparator.flags.floatAbsoluteTolerance !== null,
    ),
  "exact comparator": ({ problem }) => compares(problem, "exact"),
  "tokens comparator": ({ problem }) => compares(problem, "tokens"),
  "numbers comparator": ({ problem }) => compares(problem, "numbers"),
  "json comparator": ({ problem }) => compares(problem, "json"),
  "lines comparator": ({ problem }) => compares(problem, "lines"),
  "pattern comparator": ({ problem }) => compares(problem, "pattern"),
  "points per test": ({ problem }) => problem.tests.some((test) => test.points !== null),
  "presentation errors": ({ problem }) => problem.presentationErrors,

  "statement in Markdown": ({ problem }) => problem.statements.some(({ format }) => format === "md"),
  "statement in TeX": ({ problem }) => problem.statements.some(({ format }) => format === "tex"),
  "statement in English": ({ problem }) => speaks(problem, "en"),
  "statement in German": ({ problem }) => speaks(problem, "de"),
  "statement in French": ({ problem }) => speaks(problem, "fr"),
  "statement in Ukrainian": ({ problem }) => speaks(problem, "uk"),

  "includes per language": ({ problem }) =>
    ["c", "cpp", "python", "default"].every((language) => Object.hasOwn(problem.includes, language)),
  constants: ({ problem }) => Object.keys(problem.constants).length > 0,
  "arguments per test": ({ problem }) => problem.tests.some(({ args }) => args.length > 0),
  "files per test": ({ problem }) => problem.tests.some(({ files }) => files.length > 0),
  "file writing": ({ problem }) => problem.formatVersion === "2025-09" && problem.limits.fileWriting,
  hints: ({ problem }) => problem.tests.some(({ hint }) => hint !== null),
  descriptions: ({ problem }) => problem.tests.some(({ description }) => description !== null),
  "full feedback": ({ problem }) => problem.tests.some(({ sample, fullFeedback }) => !sample && fullFeedback),
  illustration: ({ paths }) => paths.some((path) => /^data\/secret\/.*\.svg$/u.test(path)),
  "interaction shown": ({ problem }) => problem.displays.some((each) => each.interactionPath !== null),
  "output shown instead of the answer": ({ problem }) =>
    problem.displays.some((each) => each.outputPath !== null),
  attachments: ({ problem }) => problem.attachments.some(({ templateFor }) => templateFor === null),
  templates: ({ problem }) => problem.attachments.some(({ templateFor }) => templateFor !== null),
  "a hundred tests": ({ problem }) => problem.tests.length >= 100,
  "equal tests": (seen) => seen.equalTests,
  "large output": ({ problem }) => problem.keywords.includes("large output"),

  "input validator as a program": ({ problem }) =>
    problem.inputValidators.some(({ kind }) => kind === "program"),
  "input validator in C++": ({ problem }) =>
    problem.inputValidators.some((each) => each.kind === "program" && isIn("cpp")(each.program)),
  "checktestdata input validator": ({ problem }) =>
    problem.inputValidators.some(({ kind }) => kind === "checktestdata"),
  "input validator arguments by name": ({ problem }) =>
    problem.tests.some(({ namedArgs }) => (namedArgs?.input ?? null) !== null),
  invalid_input: ({ problem }) => problem.examples.some(({ kind }) => kind === "invalid_input"),
  invalid_output: ({ problem }) => problem.examples.some(({ kind }) => kind === "invalid_output"),
  valid_output: ({ problem }) => problem.examples.some(({ kind }) => kind === "valid_output"),

  "submissions.yaml": ({ paths }) => paths.includes("submissions/submissions.yaml"),
  "promised scores": ({ problem }) => promises(problem).some(({ score }) => score !== null),
  "promised messages": ({ problem }) => promises(problem).some(({ message }) => message !== null),
  "promises for some tests": ({ problem }) => promises(problem).some(({ tests }) => tests !== null),
  "submissions that bound the time limit": ({ problem }) =>
    ["lower", "upper", "none"].every((bound) =>
      promises(problem).some(({ timeLimit }) => timeLimit === bound),
    ),
  "model solution": ({ problem }) => problem.submissions.some(({ modelSolution }) => modelSolution),
  "submission with an entry point": ({ problem }) =>
    problem.submissions.some(({ entryPoint }) => entryPoint !== null),
  "submission of several files": ({ problem }) =>
    !problem.type.submitAnswer && problem.submissions.some(({ files }) => files.length > 1),
  "@EXPECTED_RESULTS@": ({ tags }) => tags,
  "domjudge-problem.ini": ({ paths }) => paths.includes("domjudge-problem.ini"),
  "measured time limit": ({ problem }) => !problem.limits.timeStated && !problem.type.submitAnswer,
} satisfies Record<string, (seen: Seen) => boolean>;

export type Feature = keyof typeof features;
export const allFeatures = Object.keys(features).sort();

/** Ways of the default grader, which its flags choose. */
export const graderWays = [
  "accept_if_any_accepted",
  "always_accept",
  "avg",
  "first_error",
  "ignore_sample",
  "max",
  "min",
  "sum",
] as const;

export const featuresOf = async (
  problem: ProblemPackage,
  files: PackageFiles,
): Promise<readonly string[]> => {
  const sources = problem.submissions.flatMap((submission) => submission.files);
  const texts = await Promise.all(sources.map(({ packagePath }) => files.read(packagePath)));
  const seen: Seen = {
    problem,
    paths: (await files.list()).map(({ path }) => path),
    groups: groupsIn(problem.data),
    tags: texts.some((text) => Buffer.from(text).includes("@EXPECTED_RESULTS@")),
    equalTests: (await equalTests(files, problem.tests)).some((key) => key !== null),
  };
  return Object.entries(features)
    .filter(([, has]) => has(seen))
    .map(([name]) => name)
    .sort();
};

export const groupsIn = (group: TestGroup): readonly TestGroup[] => [
  group,
  ...group.members.flatMap((member) => (member.kind === "group" ? groupsIn(member.group) : [])),
];

const legacyRules = (groups: readonly TestGroup[]) =>
  groups.flatMap(({ rule }) => (rule.generation === "legacy" ? [rule] : []));
const modernRules = (groups: readonly TestGroup[]) =>
  groups.flatMap(({ rule }) => (rule.generation === "2025-09" ? [rule] : []));

const isIn =
  (language: string) =>
  ({ kind }: PackageProgram): boolean =>
    kind.how === "language" && kind.language === language;

const hasFlag = (
  { comparator }: ProblemPackage["tests"][number],
  flag: "caseSensitive" | "spaceChangeSensitive",
): boolean => comparator.kind === "default" && comparator.flags[flag];

const compares = ({ tests }: ProblemPackage, kind: string): boolean =>
  tests.some(({ comparator }) => comparator.kind === kind);

const speaks = ({ statements }: ProblemPackage, code: string): boolean =>
  statements.some(({ language }) => language === code);

const promises = ({ submissions }: ProblemPackage) =>
  submissions.flatMap((submission) => submission.promises);
