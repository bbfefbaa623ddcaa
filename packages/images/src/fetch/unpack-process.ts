import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { ImageError } from "../errors.ts";
import { installLayers } from "../oci/install.ts";
import { hexOf } from "../oci/digest.ts";
import { UnpackOrder } from "./unpack-messages.ts";
import type { UnpackMessage } from "./unpack-messages.ts";

/**
 * Unpacks an image as a process of its own, under a user who owns nothing else: it reads an order from
 * standard input and says on standard output how far it is. Whoever started it believes none of that.
 */
const say = (message: UnpackMessage): void => void process.stdout.write(`${JSON.stringify(message)}\n`);

const order = UnpackOrder.parse(JSON.parse(await text(process.stdin)));
try {
  await installLayers(order.store, {
    manifestBytes: await readFile(join(order.blobs, order.manifest)),
    blob: (digest) => createReadStream(join(order.blobs, hexOf(digest, "a part"))),
    expectedTreeDigest: order.digest,
    limits: { totalBytes: order.layerBytes },
    progress: ({ phase, done, total }) => {
      if (phase === "download" && total !== null && total > 0) say({ type: "progress", share: done / total });
    },
  });
  say({ type: "done" });
} catch (error) {
  const code = error instanceof ImageError ? error.code : "build_failed";
  say({
    type: "failed",
    code,
    message: (error instanceof Error ? error.message : String(error)).slice(0, 2000),
  });
}
