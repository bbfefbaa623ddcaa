import { AssayError, RunnerStatus } from "@assay/contracts";
import type { LanguageOffer, RegisterRunner } from "@assay/contracts";
import { loadSql, query, queryMaybe, queryOne } from "@assay/database";
import type { Database } from "@assay/database";
import { z } from "zod";
import { storableJson, storableText } from "../storable.ts";

const sql = loadSql(import.meta.url, "./fleet.sql", ["registerRunner", "listRunners", "sawRunner"]);

const timestamp = z.date().transform((date) => date.toISOString());
const Row = RunnerStatus.extend({ lastSeenAt: timestamp, registeredAt: timestamp });

/** How old the picture of an organization's runners may be that admission looks at, ms. */
const pictureMs = 1_000;

/** How old may be what a runner offers when it asks for work, ms. */
const sightMs = 500;

/** Which runners there are, which are alive, and what they offer. */
export interface Fleet {
  register(organizationId: string, runner: RegisterRunner): Promise<string>;
  /**
   * Notes that a runner was heard of.
   *
   * @returns the languages that it offers now
   * @throws AssayError `not_found` when this organization has no such runner
   */
  saw(organizationId: string, runnerId: string): Promise<readonly LanguageOffer[]>;
  list(organizationId: string): Promise<readonly RunnerStatus[]>;
  /** As `list`, but up to a second old. */
  picture(organizationId: string): Promise<readonly RunnerStatus[]>;
}

/** @param aliveSeconds a runner that was not heard of for so long counts as gone */
export function openFleet(database: Database, aliveSeconds: number, now: () => number = Date.now): Fleet {
  const pictures = new Map<
    string,
    { readonly runners: Promise<readonly RunnerStatus[]>; readonly until: number }
  >();
  const sights = new Map<string, { readonly languages: readonly LanguageOffer[]; readonly until: number }>();
  const list = (organizationId: string) =>
    query(database, Row, sql.listRunners, { organizationId, aliveSeconds });

  return {
    async register(organizationId, runner) {
      const { id } = await queryOne(database, z.object({ id: z.uuid() }), sql.registerRunner, {
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
      sights.delete(`${organizationId} ${id}`);
      return id;
    },
    async saw(organizationId, runnerId) {
      const key = `${organizationId} ${runnerId}`;
      const known = sights.get(key);
      if (known !== undefined && known.until > now()) return known.languages;
      const found = await queryMaybe(database, Row.pick({ languages: true }), sql.sawRunner, {
        organizationId,
        runnerId,
      });
      if (found === null)
        throw new AssayError("not_found", "There is no such runner here; register it before it leases.");
      sights.set(key, { languages: found.languages, until: now() + sightMs });
      return found.languages;
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
