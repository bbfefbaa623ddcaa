import { createReadStream } from "node:fs";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { AssayError } from "@assay/contracts";
import { extract } from "tar-stream";
import { checkedPath, showName, unreadable, unsafe } from "./entry.ts";
import type { ArchiveEntry } from "./entry.ts";
import type { Budget } from "./limits.ts";

const kinds: Readonly<Record<string, string>> = {
  symlink: "is a symbolic link",
  link: "is a hard link",
  "character-device": "is a device",
  "block-device": "is a device",
  fifo: "is a named pipe",
};

/** The entries of a tar archive compressed with gzip. */
export async function* readTarGz(path: string, budget: Budget): AsyncGenerator<ArchiveEntry> {
  const archive = extract();
  // Headers and padding count too: an archive of nothing but headers is a bomb as well.
  let raw = 0;
  const countRaw = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      raw += chunk.length;
      try {
        budget.total(raw);
        done(null, chunk);
      } catch (error) {
        done(asReadable(error));
      }
    },
  });
  const unpacking = pipeline(createReadStream(path), createGunzip(), countRaw, archive);
  // The iteration below meets the same error; this one only must not be left unhandled.
  const failed = unpacking.then(
    () => null,
    (error: unknown) => ({ error }),
  );
  try {
    for await (const entry of archive) {
      budget.entry();
      const { name, type } = entry.header;
      if (type !== "file" && type !== "directory") {
        throw unsafe(name, kinds[type ?? ""] ?? "is neither a file nor a directory");
      }
      yield {
        path: checkedPath(name),
        directory: type === "directory",
        content: () => readContent(entry, name, budget),
      };
      // tar-stream waits until an entry is read; one that nobody wanted is read here.
      entry.resume();
    }
    const failure = await failed;
    if (failure !== null) throw failure.error;
  } catch (error) {
    archive.destroy();
    await failed;
    throw asReadable(error);
  } finally {
    archive.destroy();
  }
}

const asReadable = (error: unknown): AssayError =>
  error instanceof AssayError
    ? error
    : unreadable(
        `the tar.gz archive can't be read: ${error instanceof Error ? error.message : String(error)}`,
        error,
      );

async function* readContent(
  entry: AsyncIterable<unknown>,
  name: string,
  budget: Budget,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  try {
    for await (const chunk of entry) {
      if (!(chunk instanceof Uint8Array)) throw new TypeError("expected bytes");
      size += chunk.length;
      budget.unpacked(chunk.length, showName(name), size);
      yield chunk;
    }
  } catch (error) {
    throw asReadable(error);
  }
}
