import { JobInput } from "@assay/contracts";
import type { JobInputBody } from "@assay/contracts";
import { execute, loadSql, query } from "@assay/database";
import type { Database } from "@assay/database";

const sql = loadSql(import.meta.url, "./inputs.sql", ["giveInputs", "readInputs", "forgetInputs"]);

/** Rows that one answer brings a runner at most. */
const page = 100;

/**
 * Says something to an interactive job. One client talks to a job, and numbers what it says from 1.
 *
 * @param first number of the first of these
 * @returns false when the job is settled: nobody hears it any more
 */
export const giveInputs = async (
  db: Database,
  jobId: string,
  first: number,
  bodies: readonly JobInputBody[],
): Promise<boolean> =>
  (await execute(db, sql.giveInputs, { jobId, first, bodies: JSON.stringify(bodies) })) === bodies.length;

/** What was said after a number. */
export const readInputs = (db: Database, jobId: string, after: number): Promise<JobInput[]> =>
  query(db, JobInput, sql.readInputs, { jobId, after, limit: page });

/** Removes what was said to a job that is over. */
export const forgetInputs = async (db: Database, jobId: string): Promise<void> =>
  void (await execute(db, sql.forgetInputs, { jobId }));
