import { AssayError } from "@assay/contracts";
import type { SubmissionSelection } from "@assay/contracts";
import { loadSql, query } from "@assay/database";
import type { Queryable } from "@assay/database";
import { UnknownLanguage, selectableIds } from "@assay/languages";
import { z } from "zod";
import { findProblemSet } from "../problem-sets/problem-sets.ts";
import { storableText } from "../storable.ts";

const sql = loadSql(import.meta.url, "./submission-filter.sql", ["versionsOf"]);

/** Which submissions, as statements take it: null = whatever it is. */
export interface SubmissionFilter {
  readonly problemIds: readonly string[] | null;
  readonly problemSetId: string | null;
  readonly languages: readonly string[] | null;
  readonly verdicts: readonly string[] | null;
  readonly since: string | null;
  readonly until: string | null;
}

const Version = z.object({ asked: z.string(), id: z.uuid() });

/**
 * Looks up what a filter names. A short name means all versions of the problem; a language with a range of
 * versions, every release that it may be.
 *
 * @throws AssayError `unknown_problem`, `unknown_problem_set`
 */
export async function submissionFilter(
  db: Queryable,
  organizationId: string,
  asked: Omit<SubmissionSelection, "submissions">,
): Promise<SubmissionFilter> {
  const { problemSet, languages, verdicts, since, until } = asked;
  return {
    problemIds: await problemIdsOf(db, organizationId, asked.problems),
    problemSetId: problemSet === undefined ? null : (await findProblemSet(db, organizationId, problemSet)).id,
    languages: languages?.flatMap(idsMeantBy).map(storableText) ?? null,
    verdicts: verdicts ?? null,
    since: since ?? null,
    until: until ?? null,
  };
}

/** What left the catalogue may have been submitted in. */
function idsMeantBy(selector: string): readonly string[] {
  try {
    return selectableIds(selector);
  } catch (error) {
    if (error instanceof UnknownLanguage) return [selector];
    throw error;
  }
}

async function problemIdsOf(
  db: Queryable,
  organizationId: string,
  names: readonly string[] | undefined,
): Promise<string[] | null> {
  if (names === undefined) return null;
  const found = names.some((name) => name.includes("\0"))
    ? []
    : await query(db, Version, sql.versionsOf, { organizationId, names });
  const known = new Set(found.map(({ asked }) => asked));
  const missing = names.find((name) => !known.has(name));
  if (missing !== undefined)
    throw new AssayError("unknown_problem", `There is no problem ${JSON.stringify(missing)} here.`);
  return found.map(({ id }) => id);
}
