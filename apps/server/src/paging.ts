import { AssayError } from "@assay/contracts";
import { z } from "zod";

export interface Paging {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly nextCursor: string | null;
}

/** The last row of a page: its time with PostgreSQL's precision, and its id. */
const Cursor = z.tuple([
  z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d(?::\d\d)?$/),
  z.uuid(),
]);

const behindEverything = ["infinity", "ffffffff-ffff-ffff-ffff-ffffffffffff"] as const;

/** @throws AssayError `invalid_request` for a cursor that no page handed out */
export function positionOf({ limit, cursor }: Paging): {
  beforeTime: string;
  beforeId: string;
  limit: number;
} {
  const [beforeTime, beforeId] = cursor === undefined ? behindEverything : decode(cursor);
  return { beforeTime, beforeId, limit: limit + 1 };
}

function decode(cursor: string): readonly [string, string] {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
  } catch (cause) {
    throw new AssayError("invalid_request", "query/cursor: use `nextCursor` of a page as it came.", {
      cause,
    });
  }
}

/** One row more than `limit` was asked for: whether it came says whether there is a next page. */
export function pageOf<Row extends { readonly position: string }>(
  rows: readonly Row[],
  { limit }: Paging,
  idOf: (row: Row) => string,
): Page<Row> {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const more = rows.length > limit && last !== undefined;
  const cursor = more ? Buffer.from(JSON.stringify([last.position, idOf(last)])).toString("base64url") : null;
  return { rows: page, nextCursor: cursor };
}
