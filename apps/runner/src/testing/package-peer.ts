import { createClient } from "@assay/client";
import type { PackageManifest } from "@assay/contracts";
import { manifestBytes } from "@assay/judging";
import { temporaryDirectory } from "@assay/testing";
import { BlobCache, sha256 } from "../caches/blob-cache.ts";
import { PackageCache } from "../caches/package-cache.ts";
import { ManualClock } from "./manual-clock.ts";
import { startServerPeer } from "./server-peer.ts";

/** A sound package whose program echoes its input. */
export const echoPackage: Readonly<Record<string, string>> = {
  "problem.yaml": "problem_format_version: legacy\nname: Echo\n",
  ".timelimit": "1\n",
  "data/sample/1.in": "a\n",
  "data/sample/1.ans": "a\n",
  "data/secret/2.in": "b\n",
  "data/secret/2.ans": "b\n",
};

/** A package behind the runner protocol, and a cache in front of it. */
export async function startPackagePeer(files: Readonly<Record<string, string>> = echoPackage) {
  await using resources = new AsyncDisposableStack();
  const directory = resources.use(await temporaryDirectory());
  const server = resources.use(await startServerPeer());
  const client = resources.use(createClient({ baseUrl: server.url }));
  const clock = new ManualClock();
  /** Makes a blob readable and answers its digest. */
  const put = (content: Uint8Array): string => {
    server.blobs.set(sha256(content), content);
    return sha256(content);
  };
  const manifest: PackageManifest = {
    files: Object.entries(files).map(([path, text]) => {
      const content = Buffer.from(text);
      return { path, sha256: put(content), size: content.byteLength };
    }),
  };
  const digest = put(manifestBytes(manifest));
  const blobs = await BlobCache.open({ directory: directory.path, maxBytes: 1e7, memoryBytes: 1e7 });
  const packages = new PackageCache(client, blobs, clock, 1e6);
  const kept = resources.move();
  return { server, clock, put, digest, packages, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
