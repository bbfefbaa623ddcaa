import { AssayError, RunnerStatus } from "@assay/contracts";
import type { RegisterRunner } from "@assay/contracts";
import { execute, loadSql, query, queryMaybe, queryOne } from "@assay/database";
import type { Database } from "@assay/database";
import { z } from "zod";
import { storableJson, storableText } from "../storable.ts";

const sql = loadSql(import.meta.url, "./fleet.sql", [
  "registerRunner",
  "listRunners",
  "sawRunner",
  "hungUp",
  "freeRunners",
  "queuesAtRunner",
]);

const timestamp = z.date().transform((date) => date.toISOString());
const Row = RunnerStatus.extend({ lastSeenAt: timestamp, registeredAt: timestamp });
const Id = z.object({ id: z.uuid() });
const Sight = Row.pick({ languages: true }).extend({ fetchable: z.array(z.string()) });

/** How old the picture of an organization's runners may be that admission looks at, ms. */
const pictureMs = 1_000;

/** How old may be what a runner offers when it asks for work, ms. */
const sightMs = 500;

/** What a runner offers, and the names of the images that it lacks and gets when a job needs them. */
export type Sight = z.infer<typeof Sight>;

/** Which runners there are, which are alive, and what they offer. */
export interface Fleet {
  register(organizationId: string, runner: RegisterRunner): Promise<string>;
  /**
   * Notes that a runner was heard of, and whether it asks for work.
   *
   * @returns what it offers now
   * @throws AssayError `not_found` when this organization has no such runner
   */
  saw(organizationId: string, runnerId: string, asks: boolean): Promise<Sight>;
  /** Notes that a runner no longer waits for the work that it asked for. */
  hungUp(organizationId: string, runnerId: string): Promise<void>;
  /** Which of these runners ask for work and have a place for a job, as it is now. */
  free(organizationId: string, runnerIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** The queues of the jobs that a runner has now. */
  queuesAt(organizationId: string, runnerId: string): Promise<ReadonlySet<string>>;
  list(organizationId: string): Promise<readonly RunnerStatus[]>;
  /** As `list`, but up to a second old. */
  picture(organizationId: string): Promise<readonly RunnerStatus[]>;
}

const keyOf = (organizationId: string, runnerId: string, asks: boolean): string =>
  `${organizationId} ${runnerId} ${asks}`;

/** @param aliveSeconds a runner that was not heard of for so long counts as gone */
export function openFleet(database: Database, aliveSeconds: number, now: () => number = Date.now): Fleet {
  const pictures = new Map<
    string,
    { readonly runners: Promise<readonly RunnerStatus[]>; readonly until: number }
  >();
  const sights = new Map<string, Sight & { readonly until: number }>();
  const forget = (organizationId: string, runnerId: string): void => {
    for (const asks of [true, false]) sights.delete(keyOf(organizationId, runnerId, asks));
  };
  const list = (organizationId: string) =>
    query(database, Row, sql.listRunners, { organizationId, aliveSeconds });

  return {
    async register(organizationId, runner) {
      const { id } = await queryOne(database, Id, sql.registerRunner, {
        organizationId,
        name: storableText(runner.name),
        slots: runner.slots,
        speedFactor: runner.speedFactor,
        version: storableText(runner.version),
        isolation: storableJson(runner.isolation),
        images: storableJson(runner.images),
        languages: storableJson(runner.languages),
      });
      pictures.delete(organizationId);
      forget(organizationId, id);
      return id;
    },
    async saw(organizationId, runnerId, asks) {
      const key = keyOf(organizationId, runnerId, asks);
      const known = sights.get(key);
      if (known !== undefined && known.until > now()) return known;
      const found = await queryMaybe(database, Sight, sql.sawRunner, { organizationId, runnerId, asks });
      if (found === null)
        throw new AssayError("not_found", "There is no such runner here; register it before it leases.");
      sights.set(key, { ...found, until: now() + sightMs });
      return found;
    },
    async hungUp(organizationId, runnerId) {
      forget(organizationId, runnerId);
      await execute(database, sql.hungUp, { organizationId, runnerId });
    },
    async free(organizationId, runnerIds) {
      const rows = await query(database, Id, sql.freeRunners, { organizationId, runnerIds });
      return new Set(rows.map(({ id }) => id));
    },
    async queuesAt(organizationId, runnerId) {
      const Queue = z.object({ queue: z.string() });
      const rows = await query(database, Queue, sql.queuesAtRunner, { organizationId, runnerId });
      return new Set(rows.map(({ queue }) => queue));
    },
    list,
    picture(organizationId) {
      const known = pictures.get(organizationId);
      if (known !== undefined && known.until > now()) return known.runners;
      const runners = list(organizationId);
      pictures.set(organizationId, { runners, until: now() + pictureMs });
      runners.catch(() => pictures.delete(organizationId));
      return runners;
    },
  };
}
