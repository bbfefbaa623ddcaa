import type { Services } from "../../services.ts";
import { nameOfNumber } from "./languages.ts";
import { statuses } from "./statuses.ts";
import { newestOutcomes, submissionCounts } from "./store.ts";
import { tell } from "./verdict.ts";

const cacheMs = 600_000;
const cacheSize = 1000;
/** Statuses come from comparing outputs, so they are told of the newest submissions only. */
const newest = 500;
const page = 50;

type Statistics = Awaited<ReturnType<typeof count>>;

/** What one organization has submitted, at most ten minutes old unless the client asks for new numbers. */
export function openStatistics(services: Services) {
  const cache = new Map<string, { readonly until: number; readonly statistics: Statistics }>();
  return async (organizationId: string, isFresh: boolean): Promise<Statistics> => {
    const known = cache.get(organizationId);
    if (known !== undefined && known.until > Date.now() && !isFresh) return known.statistics;
    const statistics = await count(services, organizationId);
    if (cache.size >= cacheSize) cache.clear();
    cache.set(organizationId, { until: Date.now() + cacheMs, statistics });
    return statistics;
  };
}

async function count({ database }: Services, organizationId: string) {
  const { total, today, days, languages } = await submissionCounts(database, organizationId);
  const byStatus = new Map<number, number>();
  for (let offset = 0; offset < Math.min(newest, total); offset += page) {
    for (const row of await newestOutcomes(database, organizationId, { limit: page, offset })) {
      const { status } = tell(row);
      byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
    }
  }
  const now = Date.now();
  return {
    created_at: new Date(now).toISOString(),
    cached_until: new Date(now + cacheMs).toISOString(),
    submissions: {
      total,
      today,
      last_30_days: Object.fromEntries(days.map(({ day, count: many }) => [day, many])),
    },
    languages: languages.map(({ id, count: many }) => ({
      language: { id, name: nameOfNumber(id, null) },
      count: many,
    })),
    statuses: statuses.map((status) => ({ status, count: byStatus.get(status.id) ?? 0 })),
  };
}
