export { createDatabase } from "./pool.ts";
export type {
  Connection,
  Database,
  DatabaseOptions,
  Queryable,
  Result,
  Session,
  Transaction,
} from "./pool.ts";
export { isUnavailable, sqlState } from "./errors.ts";
export { execute, loadSql, parseStatement, query, queryMaybe, queryOne } from "./sql.ts";
export type { Parameters, Statement } from "./sql.ts";
export { loadMigrations, migrate, MigrationError, minimumServerVersion } from "./migrate.ts";
export type { Migration } from "./migrate.ts";
export { channels, openNotifications } from "./notifications.ts";
export type { Channel, Notifications, Subscriber } from "./notifications.ts";
export { startEmbeddedPostgres } from "./embedded/embedded.ts";
export type { EmbeddedPostgres, EmbeddedPostgresOptions } from "./embedded/embedded.ts";
export type { OsUser } from "./embedded/access.ts";
