import { z } from "zod";
import { JudgePolicy, PolicyPreset } from "./policy.ts";

const Timestamp = z.iso.datetime();

/** As short names of problems. */
const SetName = z
  .string()
  .regex(/^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,99}$/, "expected letters, digits, and after the first also . _ -");

/** What a problem is called in a set, for example "A". */
const SetLabel = z.string().regex(/^[a-zA-Z0-9]{1,10}$/, "expected one to ten letters and digits");

/** Problems that are judged by one policy: a contest, a sheet of exercises. */
export const ProblemSet = z.object({
  id: z.uuid(),
  name: z.string(),
  title: z.string(),
  policy: JudgePolicy,
  /** In their order; each stands for the newest version of its short name. */
  problems: z.array(z.object({ shortName: z.string(), label: z.string().nullable() })),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type ProblemSet = z.infer<typeof ProblemSet>;

/** The whole of a set, at its creation and when it is replaced. */
export const NewProblemSet = z
  .strictObject({
    name: SetName,
    title: z.string().trim().min(1).max(200),
    policy: z.union([PolicyPreset, JudgePolicy]).default("default"),
    problems: z
      .array(
        z.strictObject({
          /** Id or short name; the set keeps the short name. */
          problem: z.string().min(1).max(255),
          label: SetLabel.nullable().default(null),
        }),
      )
      .max(500),
  })
  .superRefine(({ problems }, context) => {
    const seen = new Set<string>();
    for (const [index, { label }] of problems.entries()) {
      if (label === null) continue;
      if (seen.has(label))
        context.addIssue({
          code: "custom",
          path: ["problems", index, "label"],
          message: `the label ${label} is given twice`,
        });
      seen.add(label);
    }
  });
export type NewProblemSet = z.input<typeof NewProblemSet>;
