import { AssayError, JudgePolicy, policyOf } from "@assay/contracts";
import type { NewProblemSet, ProblemSet } from "@assay/contracts";
import { execute, loadSql, query, queryMaybe, sqlState } from "@assay/database";
import type { Database, Queryable, Transaction } from "@assay/database";
import { z } from "zod";
import type { Caller } from "../access/policy.ts";
import { pageOf, positionOf } from "../paging.ts";
import type { Page, Paging } from "../paging.ts";
import { storableText } from "../storable.ts";

const sql = loadSql(import.meta.url, "./problem-sets.sql", [
  "findProblemSet",
  "listProblemSets",
  "insertProblemSet",
  "updateProblemSet",
  "clearEntries",
  "insertEntries",
  "deleteProblemSet",
  "shortNamesOf",
]);

const timestamp = z.date().transform((date) => date.toISOString());
const Row = z.object({
  id: z.uuid(),
  name: z.string(),
  title: z.string(),
  policy: JudgePolicy,
  problems: z.array(z.object({ shortName: z.string(), label: z.string().nullable() })),
  createdAt: timestamp,
  updatedAt: timestamp,
});
const Inserted = z.object({ id: z.uuid() });
const Named = z.object({ shortName: z.string().nullable() });

/** By id or name. @throws AssayError `unknown_problem_set` */
export async function findProblemSet(
  db: Queryable,
  organizationId: string,
  idOrName: string,
): Promise<ProblemSet> {
  const id = z.uuid().safeParse(idOrName).data ?? null;
  const found = idOrName.includes("\0")
    ? null
    : await queryMaybe(db, Row, sql.findProblemSet, { organizationId, id, name: idOrName });
  if (found !== null) return found;
  throw new AssayError("unknown_problem_set", `There is no problem set ${JSON.stringify(idOrName)} here.`);
}

export const listProblemSets = async (
  db: Database,
  organizationId: string,
  paging: Paging,
): Promise<Page<ProblemSet>> =>
  pageOf(
    await query(db, Row.extend({ position: z.string() }), sql.listProblemSets, {
      organizationId,
      ...positionOf(paging),
    }),
    paging,
    ({ id }) => id,
  );

type Body = z.output<typeof NewProblemSet>;

/** @throws AssayError `conflict` when the name is taken; `unknown_problem` */
export const createProblemSet = (
  db: Database,
  { organizationId, tokenId }: Caller,
  body: Body,
): Promise<ProblemSet> =>
  db.transaction(async (tx) => {
    const params = { ...columnsOf(body), organizationId, createdBy: tokenId };
    const inserted = await queryMaybe(tx, Inserted, sql.insertProblemSet, params);
    if (inserted === null) throw nameTaken(body.name);
    await insertEntries(tx, organizationId, inserted.id, body);
    return findProblemSet(tx, organizationId, inserted.id);
  });

/** What was submitted before keeps its policy. @throws as `createProblemSet`; `unknown_problem_set` */
export const replaceProblemSet = (
  db: Database,
  { organizationId }: Caller,
  idOrName: string,
  body: Body,
): Promise<ProblemSet> =>
  db.transaction(async (tx) => {
    const { id } = await findProblemSet(tx, organizationId, idOrName);
    const updated = await queryMaybe(tx, Inserted, sql.updateProblemSet, {
      ...columnsOf(body),
      organizationId,
      id,
    }).catch((error: unknown) => {
      // Somebody else took the name at the same time.
      if (sqlState(error) === "23505") throw nameTaken(body.name);
      throw error;
    });
    if (updated === null) throw nameTaken(body.name);
    await execute(tx, sql.clearEntries, { id });
    await insertEntries(tx, organizationId, id, body);
    return findProblemSet(tx, organizationId, id);
  });

/** @throws AssayError `unknown_problem_set`; `conflict` when submissions name it */
export const deleteProblemSet = (db: Database, { organizationId }: Caller, idOrName: string): Promise<void> =>
  db.transaction(async (tx) => {
    const { id, name } = await findProblemSet(tx, organizationId, idOrName);
    const inUse = () =>
      new AssayError("conflict", `Submissions name the problem set ${name}; it stays as long as they do.`);
    const deleted = await queryMaybe(tx, Inserted, sql.deleteProblemSet, { id, organizationId }).catch(
      (error: unknown) => {
        if (sqlState(error) === "23503") throw inUse();
        throw error;
      },
    );
    if (deleted === null) throw inUse();
  });

const columnsOf = ({ name, title, policy }: Body) => ({
  name,
  title: storableText(title),
  policy: JSON.stringify(policyOf(policy)),
});

const nameTaken = (name: string): AssayError =>
  new AssayError("conflict", `There is a problem set named ${name} already.`);

async function insertEntries(
  tx: Transaction,
  organizationId: string,
  id: string,
  { problems }: Body,
): Promise<void> {
  const asked = problems.map(({ problem }) => storableText(problem));
  const named = await query(tx, Named, sql.shortNamesOf, { organizationId, names: asked });
  const shortNames = named.map(({ shortName }, index) => {
    if (shortName !== null) return shortName;
    const message = `there is no problem ${JSON.stringify(asked[index])} here`;
    const where = `body/problems/${index}/problem`;
    throw new AssayError("unknown_problem", `${where}: ${message}.`, {
      issues: [{ where, line: null, message }],
    });
  });
  const twice = shortNames.findIndex((name, index) => shortNames.indexOf(name) !== index);
  if (twice !== -1)
    throw new AssayError(
      "invalid_request",
      `body/problems/${twice}/problem: ${shortNames[twice]} is in the set already.`,
    );
  const labels = problems.map(({ label }) => label);
  await execute(tx, sql.insertEntries, { id, shortNames, labels });
}

/**
 * The problem that somebody who submits in a set means by a label, a short name or an id.
 *
 * @returns what `findProblem` takes
 * @throws AssayError `problem_not_in_set`
 */
export function problemInSet({ name, problems }: ProblemSet, asked: string): string {
  const entry =
    problems.find(({ label }) => label === asked) ?? problems.find(({ shortName }) => shortName === asked);
  if (entry !== undefined) return entry.shortName;
  if (z.uuid().safeParse(asked).success) return asked;
  throw notInSet(name, asked);
}

/** @throws AssayError `problem_not_in_set` for a version of a problem that the set does not have */
export function requireInSet({ name, problems }: ProblemSet, shortName: string): void {
  if (!problems.some((entry) => entry.shortName === shortName)) throw notInSet(name, shortName);
}

const notInSet = (set: string, problem: string): AssayError =>
  new AssayError(
    "problem_not_in_set",
    `The problem set ${set} does not have the problem ${JSON.stringify(problem)}.`,
  );
