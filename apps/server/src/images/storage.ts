import { randomUUID } from "node:crypto";
import { AssayError } from "@assay/contracts";
import type { ImageStorage } from "@assay/contracts";
import { execute, loadSql, query, queryOne } from "@assay/database";
import type { Queryable, Transaction } from "@assay/database";
import { z } from "zod";
import type { Caller } from "../access/policy.ts";
import type { Services } from "../services.ts";
import { forgetUnneededBlobs, sweepBlobs } from "./sweep.ts";

/*
 * How much disk the images of one organization take.
 *
 * Counted are the blobs that it has uploaded, whether an image needs them or not; those that it gave up,
 * until their bytes are gone; and the room of uploads under way. An upload reserves room before bytes are
 * taken, and reservations of an organization come one after another, so that uploads at once can't pass
 * the limit together.
 */

const sql = loadSql(import.meta.url, "./storage.sql", [
  "lockStorage",
  "usedBytes",
  "reserve",
  "release",
  "releaseAbandoned",
]);

/** What a blob counts at least, bytes: names and blocks of files are used up too. */
const leastBytes = 64 * 1024;

/** By how much the room of an upload grows that did not say how long it is, bytes. */
const stepBytes = 8 * 1024 * 1024;

export async function imageStorage(
  { config, database }: Pick<Services, "config" | "database">,
  { organizationId }: Caller,
): Promise<ImageStorage> {
  return { usedBytes: await usedBytes(database, organizationId), maxBytes: config.maxImageStorageBytes };
}

async function usedBytes(db: Queryable, organizationId: string): Promise<number> {
  const row = await queryOne(db, z.object({ usedBytes: z.number() }), sql.usedBytes, {
    organizationId,
    leastBytes,
  });
  return row.usedBytes;
}

/** The room of one upload. It ends with the upload, whatever becomes of that. */
export class UploadRoom implements AsyncDisposable {
  readonly #services: Services;
  readonly #caller: Caller;
  readonly #id = randomUUID();
  #reserved = 0;

  constructor(services: Services, caller: Caller) {
    this.#services = services;
    this.#caller = caller;
  }

  /**
   * The bytes as they come, for as long as there is room for them.
   *
   * @throws AssayError `image_storage_full`
   */
  async *metered(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let taken = 0;
    for await (const chunk of bytes) {
      taken += chunk.byteLength;
      if (taken > this.#reserved) await this.reserve(taken - this.#reserved, stepBytes);
      yield chunk;
    }
  }

  /**
   * Reserves room for so many bytes more, and for as many as are wanted when there is so much.
   *
   * @throws AssayError `image_storage_full`
   */
  async reserve(bytes: number, wanted = bytes): Promise<void> {
    const needed = this.#reserved === 0 ? Math.max(bytes, leastBytes) : bytes;
    const most = Math.max(needed, wanted);
    if (await this.#tryToReserve(needed, most)) return;
    await forgetUnneededBlobs(this.#services, this.#caller, []);
    await sweepBlobs(this.#services);
    if (await this.#tryToReserve(needed, most)) return;
    const storage = await imageStorage(this.#services, this.#caller);
    throw new AssayError("image_storage_full", this.#inWords(storage, needed));
  }

  /** Gives the room back with what the blob takes instead, in the same transaction. */
  async release(tx: Transaction): Promise<void> {
    await execute(tx, sql.release, { id: this.#id });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { database, log } = this.#services;
    await execute(database, sql.release, { id: this.#id }).catch((err: unknown) =>
      log.warn({ err }, "the room of an upload could not be given back; it counts for some minutes"),
    );
  }

  async #tryToReserve(needed: number, most: number): Promise<boolean> {
    const { config, database } = this.#services;
    const { organizationId } = this.#caller;
    const got = await database.transaction(async (tx) => {
      await query(tx, z.object({ id: z.uuid() }), sql.lockStorage, { organizationId });
      await execute(tx, sql.releaseAbandoned, { organizationId });
      const room = config.maxImageStorageBytes - (await usedBytes(tx, organizationId));
      if (room < needed) return 0;
      const bytes = Math.min(room, most);
      await execute(tx, sql.reserve, { id: this.#id, organizationId, bytes });
      return bytes;
    });
    this.#reserved += got;
    return got > 0;
  }

  #inWords({ usedBytes: used, maxBytes }: ImageStorage, needed: number): string {
    const minutes = Math.ceil(this.#services.config.blobGraceSeconds / 60);
    return (
      `Images of this organization may take ${maxBytes} bytes here; ${used} are taken, and this upload ` +
      `needs ${needed} more. Withdraw images that nobody needs (their bytes count until they are gone, ` +
      `${minutes} min later), or ask the operator for a higher ASSAY_MAX_IMAGE_STORAGE_BYTES.`
    );
  }
}
