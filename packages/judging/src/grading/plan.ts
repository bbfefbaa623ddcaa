import type { ProblemPackage, TestCase, TestGroup } from "../package/types.ts";

/** Something that gets a verdict of its own: a test, or what the static validator says in a group. */
export interface PlannedCase {
  readonly kind: "case";
  /** Place in the order of judging. */
  readonly index: number;
  readonly name: string;
  readonly group: PlannedGroup;
  /** Null for a static validator's case. */
  readonly test: TestCase | null;
}

export interface PlannedGroup {
  readonly kind: "group";
  /** Place among all groups, from the outside in, in the order of the package. */
  readonly index: number;
  readonly name: string;
  readonly source: TestGroup;
  readonly rule: TestGroup["rule"];
  readonly parent: PlannedGroup | null;
  readonly members: readonly (PlannedCase | PlannedGroup)[];
  /** Its cases and those of the groups in it are `first` to `end - 1`. */
  readonly first: number;
  readonly end: number;
  readonly sample: boolean;
}

/** All that can be judged of a problem, in order. */
export interface Plan {
  readonly root: PlannedGroup;
  readonly groups: readonly PlannedGroup[];
  readonly cases: readonly PlannedCase[];
  readonly scoring: boolean;
}

type Building = { -readonly [Key in keyof PlannedGroup]: PlannedGroup[Key] };

/**
 * Flattens the groups of a package into the order in which their cases are judged. What a static
 * validator says of a group comes before its tests: it costs least.
 */
export const planOf = ({ data, tests, type }: Pick<ProblemPackage, "data" | "tests" | "type">): Plan => {
  const groups: PlannedGroup[] = [];
  const cases: PlannedCase[] = [];
  const visit = (group: TestGroup, parent: PlannedGroup | null): PlannedGroup => {
    const { name, rule } = group;
    const members: (PlannedCase | PlannedGroup)[] = [];
    const sample = name === "sample" || (parent?.sample ?? false);
    const index = groups.length;
    const planned: Building = {
      kind: "group",
      index,
      name,
      source: group,
      rule,
      parent,
      members,
      first: cases.length,
      end: 0,
      sample,
    };
    groups.push(planned);
    const add = (caseName: string, test: TestCase | null): void => {
      const one: PlannedCase = { kind: "case", index: cases.length, name: caseName, group: planned, test };
      cases.push(one);
      members.push(one);
    };
    if (rule.generation === "2025-09" && rule.staticValidationScore !== null) add(`${name}/static`, null);
    for (const member of group.members) {
      if (member.kind === "group") members.push(visit(member.group, planned));
      else {
        const test = tests[member.test];
        if (test === undefined)
          throw new RangeError(`group "${name}" names test ${member.test}, there is none`);
        add(test.name, test);
      }
    }
    planned.end = cases.length;
    return planned;
  };
  const root = visit(data, null);
  return { root, groups, cases, scoring: type.scoring };
};

/** From the innermost group of a case to the root. */
export function* groupsAround(group: PlannedGroup | null): Generator<PlannedGroup> {
  for (let at = group; at !== null; at = at.parent) yield at;
}

/** What holds sample and secret is a group of its own in older formats only. */
export const isShown = ({ parent, rule }: PlannedGroup): boolean =>
  parent !== null || rule.generation === "legacy";

/** A pass-fail problem with nothing but sample and secret has no groups to speak of. */
export const hasGroups = ({ groups, scoring }: Plan): boolean =>
  scoring || groups.some(({ name }) => name.includes("/"));
