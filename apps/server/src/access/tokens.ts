import { timingSafeEqual } from "node:crypto";
import { AssayError, TokenRole } from "@assay/contracts";
import type { Token } from "@assay/contracts";
import { execute, loadSql, query, queryMaybe, queryOne } from "@assay/database";
import type { Database, Queryable } from "@assay/database";
import { z } from "zod";
import type { Caller } from "./policy.ts";
import { bearerSecret, hashSecret, newSecret } from "./secret.ts";

/** How long another server may still accept a token that was revoked here, ms. */
const cacheMs = 5_000;
const cacheSize = 10_000;

const sql = loadSql(import.meta.url, "./tokens.sql", [
  "findToken",
  "insertToken",
  "listTokens",
  "revokeToken",
]);

const Found = z.object({
  tokenId: z.uuid(),
  organizationId: z.uuid(),
  role: TokenRole,
  hash: z.instanceof(Uint8Array),
});
const timestamp = z.date().transform((date) => date.toISOString());
const Row = z.object({
  id: z.uuid(),
  name: z.string(),
  role: TokenRole,
  createdAt: timestamp,
  revokedAt: timestamp.nullable(),
});

export interface Tokens {
  /** Who sends this `Authorization` header. @throws AssayError `unauthenticated` */
  authenticate(header: string | undefined): Promise<Caller>;
  list(organizationId: string): Promise<Token[]>;
  create(organizationId: string, name: string, role: TokenRole): Promise<Token & { secret: string }>;
  /** False when the organization has no such token. */
  revoke(organizationId: string, id: string): Promise<boolean>;
}

/** A token whose secret only the caller of this function will ever see. */
export const insertToken = async (
  db: Queryable,
  organizationId: string,
  name: string,
  role: TokenRole,
): Promise<Token & { secret: string }> => {
  const secret = newSecret();
  const params = { organizationId, name, role, hash: hashSecret(secret) };
  return { ...(await queryOne(db, Row, sql.insertToken, params)), secret };
};

export function openTokens(database: Database, now: () => number = Date.now): Tokens {
  const cache = new Map<string, { readonly caller: Caller; readonly until: number }>();

  const find = async (hash: Buffer): Promise<Caller | null> => {
    const found = await queryMaybe(database, Found, sql.findToken, { hash });
    if (found === null || !timingSafeEqual(found.hash, hash)) return null;
    return { tokenId: found.tokenId, organizationId: found.organizationId, role: found.role };
  };

  return {
    async authenticate(header) {
      const secret = bearerSecret(header);
      if (secret === null)
        throw new AssayError("unauthenticated", "The request carries no token of the form `assay_…`.");
      const hash = hashSecret(secret);
      const key = hash.toString("base64");
      const cached = cache.get(key);
      if (cached !== undefined && cached.until > now()) return cached.caller;
      cache.delete(key);
      const caller = await find(hash);
      if (caller === null)
        throw new AssayError("unauthenticated", "This token does not exist or was revoked.");
      if (cache.size >= cacheSize) cache.clear();
      cache.set(key, { caller, until: now() + cacheMs });
      return caller;
    },
    list: (organizationId) => query(database, Row, sql.listTokens, { organizationId }),
    create: (organizationId, name, role) => insertToken(database, organizationId, name, role),
    async revoke(organizationId, id) {
      const revoked = await execute(database, sql.revokeToken, { organizationId, id });
      cache.clear();
      return revoked === 1;
    },
  };
}
