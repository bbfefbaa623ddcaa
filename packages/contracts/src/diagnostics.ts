import { z } from "zod";

/**
 * One message of a compiler, an interpreter or a run-time system, taken apart. The text that it was
 * taken from stays as it is beside it.
 */
export const Diagnostic = z.object({
  /** Path of a file of the submission; null when it is of none, or nobody knows of which. */
  file: z.string().nullable(),
  /** From 1; null when the message names none. */
  line: z.int().min(1).nullable(),
  /** From 1, in UTF-16 code units of the line; null when the message names none. */
  column: z.int().min(1).nullable(),
  kind: z.enum(["error", "warning", "note"]),
  /** Stable: `python.name-error`, `c.undeclared`, `rust.E0425`; null for what has no name yet. */
  code: z.string().nullable(),
  /** What the tool says, without its place. */
  message: z.string(),
  /** What explanations name: `{ name: "x" }`. */
  args: z.record(z.string(), z.string()).default({}),
  /** For beginners, in the language that was asked for; null where there is none. */
  explanation: z.string().nullable().default(null),
  /** What to do about it, likewise. */
  hint: z.string().nullable().default(null),
});
export type Diagnostic = z.infer<typeof Diagnostic>;
