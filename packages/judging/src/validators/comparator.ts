import type { ValidatorFlags } from "./flags.ts";

/**
 * How an output is compared with an answer where no program of the package does it.
 *
 * `default` is the default output validator of the problem package format. The others go beyond the
 * format; a package chooses them in its assay.yaml:
 *
 * - `exact`: the same bytes
 * - `tokens`: the same words, whatever white space is between them; respects case
 * - `numbers`: words, of which those that are numbers may differ by the tolerances
 * - `json`: equal JSON values; the order of keys does not count
 * - `lines`: the same lines in any order, white space at their ends aside
 * - `pattern`: the output matches the regular expression that the answer file holds, as a whole
 */
export type Comparator =
  | { readonly kind: "default"; readonly flags: ValidatorFlags }
  | { readonly kind: "exact" }
  | { readonly kind: "tokens" }
  | { readonly kind: "numbers"; readonly absolute: number | null; readonly relative: number | null }
  | { readonly kind: "json"; readonly absolute: number | null; readonly relative: number | null }
  | { readonly kind: "lines" }
  | { readonly kind: "pattern" };
