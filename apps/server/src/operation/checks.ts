import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Health } from "@assay/contracts";
import { loadMigrations } from "@assay/database";
import { z } from "zod";
import type { Services } from "../services.ts";

type Check = Health["checks"][number];

async function check(name: string, fine: string, look: () => Promise<string | null>): Promise<Check> {
  try {
    const missing = await look();
    return { name, ok: missing === null, message: missing ?? fine };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { name, ok: false, message: reason };
  }
}

const database = ({ database }: Services): Promise<Check> =>
  check("database", "answers", async () => {
    await database.ping();
    return null;
  });

const migrations = ({ database }: Services): Promise<Check> =>
  check("migrations", "applied", async () => {
    const known = (await loadMigrations()).length;
    const { rows } = await database.query("select coalesce(max(version), 0) as version from migrations");
    const { version } = z.object({ version: z.int() }).parse(rows[0]);
    return version === known
      ? null
      : `The database is at version ${version}, this server needs ${known}: restart the older of the two.`;
  });

const blobs = ({ config }: Services): Promise<Check> =>
  check("blobs", "can be written", async () => {
    const probe = join(config.blobsDirectory, `.probe-${randomUUID()}`);
    try {
      await writeFile(probe, "", { flag: "wx" });
      return null;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return `Make the blob directory writable for this server: ${reason}`;
    } finally {
      await rm(probe, { force: true });
    }
  });

const running = ({ stopping }: Services): Promise<Check> =>
  check("server", "takes requests", async () => (stopping.aborted ? "This server is stopping." : null));

/** Whether this process can reach what it can't work without. */
export const checkHealth = async (services: Services): Promise<Check[]> => [await database(services)];

/** Whether requests should be sent here now. */
export const checkReadiness = (services: Services): Promise<Check[]> =>
  Promise.all([running, database, migrations, blobs].map((look) => look(services)));
