import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { imageTimeSeconds } from "../../trim.ts";
import { plainFile } from "../sources/files.ts";
import { publishedBlob, storedLayer } from "../store/publish.ts";
import type { PublishedImage } from "../store/publish.ts";
import { decompressed } from "../streams/decompress.ts";
import { blockBytes, encodeHeader } from "../tar/header.ts";

/** Writes what `docker load` and `podman load` take: uncompressed layers, the configuration, `manifest.json`. */
export const writeDockerArchive = async (
  directory: string,
  { config, layers }: PublishedImage,
  to: {
    readonly file: string;
    /** For the layers, whose size must be known before they are written. */
    readonly work: string;
    readonly tag: string;
    readonly signal: AbortSignal | undefined;
  },
): Promise<void> => {
  const options = to.signal === undefined ? {} : { signal: to.signal };
  const parts = async function* (): AsyncGenerator<Uint8Array> {
    // Layers that hold the same are one.
    for (const layer of new Map(layers.map((one) => [one.diffId, one])).values()) {
      const plain = join(to.work, layer.diffId);
      const stream = decompressed(storedLayer(directory, layer), `The layer of ${layer.name}`);
      await pipeline(Readable.from(stream), createWriteStream(plain), options);
      yield* member(`${layer.diffId}.tar`, (await stat(plain)).size, plainFile(plain));
    }
    yield* member(`${config.hex}.json`, config.size, plainFile(publishedBlob(directory, config.hex)));
    const manifest = Buffer.from(
      JSON.stringify([
        {
          Config: `${config.hex}.json`,
          RepoTags: [to.tag],
          Layers: layers.map(({ diffId }) => `${diffId}.tar`),
        },
      ]),
    );
    yield* member("manifest.json", manifest.length, [manifest]);
    yield Buffer.alloc(2 * blockBytes);
  };
  await pipeline(Readable.from(parts()), createWriteStream(to.file, { flags: "wx", mode: 0o644 }), options);
};

async function* member(
  name: string,
  size: number,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield encodeHeader({ name, flag: "0", mode: 0o644, size, link: "", mtime: imageTimeSeconds });
  yield* content;
  yield Buffer.alloc((blockBytes - (size % blockBytes)) % blockBytes);
}
