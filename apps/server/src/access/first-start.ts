import { randomUUID } from "node:crypto";
import { mkdir, open, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Database } from "@assay/database";
import { loadSql, query, queryOne } from "@assay/database";
import { z } from "zod";
import { insertToken } from "./tokens.ts";

const sql = loadSql(import.meta.url, "./first-start.sql", ["lock", "anyOrganization", "insertOrganization"]);
const Id = z.object({ id: z.uuid() });

export interface FirstStart {
  readonly ownerToken: string;
}

/**
 * Makes the first organization with a token for its owner and one for its runners, and leaves both
 * as `owner.token` and `runner.token`, readable by this user only. Of several servers that start at
 * once, one does it.
 *
 * @returns null when there is an organization already
 */
export const firstStart = (database: Database, secretsDirectory: string): Promise<FirstStart | null> =>
  database.transaction(async (tx) => {
    await tx.query(sql.lock.text);
    if ((await query(tx, Id, sql.anyOrganization)).length > 0) return null;
    const { id } = await queryOne(tx, Id, sql.insertOrganization, { name: "default" });
    const owner = await insertToken(tx, id, "owner (first start)", "owner");
    const runner = await insertToken(tx, id, "runner (first start)", "runner");
    // Before the commit: tokens that exist but that nobody knows would lock the owner out for good.
    await writeSecret(secretsDirectory, "owner.token", owner.secret);
    await writeSecret(secretsDirectory, "runner.token", runner.secret);
    return { ownerToken: owner.secret };
  });

async function writeSecret(directory: string, name: string, secret: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, name);
  const temporary = `${path}.${randomUUID()}`;
  {
    await using file = await open(temporary, "wx", 0o600);
    await file.writeFile(`${secret}\n`);
    await file.sync();
  }
  await rename(temporary, path);
}
