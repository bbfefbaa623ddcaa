import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { ApiError, type Client } from "@assay/client";
import { routes, type ImageLanguage, type PublishedImage } from "@assay/contracts";
import { imageStore, publishLayers, publishedBlob, type Image } from "@assay/images";
import { askVersion, reportStore } from "@assay/judging";
import { languages, type Language } from "@assay/languages";
import { connectSandbox, type Sandbox } from "@assay/sandbox";
import type { Command } from "commander";
import { interruptSignal, printJson } from "../../command.ts";
import { connect } from "../../connection.ts";
import { platformError, usageError } from "../../exit.ts";
import { ProgressLine } from "../../output/progress.ts";
import { say } from "../../output/say.ts";
import { bytes } from "../../output/text.ts";
import { temporaryExecPlace } from "../../stack/exec-service.ts";
import { startSandbox } from "../../stack/parts.ts";
import { requireRoot } from "../../stack/stack.ts";
import { imagesOption, jsonOption, type ImagesOptions } from "./options.ts";

interface PushOptions extends ImagesOptions {
  readonly all: boolean;
}

/** A part may take hours on a slow line, ms. */
const uploadMs = 6 * 60 * 60_000;

export function registerPush(images: Command): void {
  images
    .command("push")
    .description(
      "publish images of this machine on the server, for runners that lack them (as root); goes on where it broke off",
    )
    .argument("[name...]")
    .option("--all", "every image that is ready here", false)
    .addOption(imagesOption())
    .addOption(jsonOption())
    .action(push);
}

async function push(names: readonly string[], options: PushOptions): Promise<void> {
  requireRoot("pushing images", "to pack them, and to ask their tools for their versions in boxes");
  const signal = interruptSignal();
  const chosen = await choose(names, options);
  await using connection = await connect(signal);
  await using box = await lazySandbox(options.images, signal);
  const published: PublishedImage[] = [];
  for (const name of chosen) {
    const image = await soundImage(options.images, name);
    const offered = await languagesOf(image, options.images, box.sandbox, signal);
    if (offered.length === 0) say(`image ${name}: no language of the catalogue works in it`);
    published.push(await pushImage(connection.client, image, offered, options.images, signal));
  }
  const { storage } = await connection.client.call(routes.listImages, { signal });
  say(`images of this organization take ${bytes(storage.usedBytes)} of ${bytes(storage.maxBytes)} there`);
  if (options.json) printJson({ items: published, storage });
}

async function choose(names: readonly string[], { all, images }: PushOptions): Promise<string[]> {
  if (all === names.length > 0) throw usageError("name the images to push, or say --all");
  const ready = (await imageStore(images).list()).filter(({ state }) => state === "ready");
  if (all) return ready.map(({ name }) => name);
  for (const name of names)
    if (!ready.some((image) => image.name === name))
      throw usageError(`the image ${name} is not ready here; assay images build ${name} builds it`);
  return [...new Set(names)];
}

/** What is published is what was built. */
async function soundImage(directory: string, name: string): Promise<Image> {
  const store = imageStore(directory);
  const { state, reason } = await store.verify(name);
  if (state !== "ready") throw platformError(reason ?? `the image ${name} is ${state}`);
  return store.resolve(name);
}

/** The languages that work in an image: as their probes found, else as their tools say in a box. */
async function languagesOf(
  image: Image,
  directory: string,
  sandbox: () => Promise<Sandbox>,
  signal: AbortSignal,
): Promise<ImageLanguage[]> {
  const found: ImageLanguage[] = [];
  for (const language of languages.values()) {
    if (language.image !== image.name) continue;
    const report = await reportStore(directory).read(language, image.digest);
    const version =
      report === null
        ? await versionIn(image, language, await sandbox(), signal)
        : report.passed
          ? report.version
          : null;
    if (version !== null) found.push({ id: language.id, version });
    else say(`image ${image.name}: ${language.id} does not work in it, and is not offered with it`);
  }
  return found;
}

const versionIn = async (
  { digest }: Image,
  language: Language,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<string | null> => (await askVersion({ language, image: digest, sandbox, signal })).version;

/** A sandbox that is started when it is needed. */
async function lazySandbox(
  images: string,
  signal: AbortSignal,
): Promise<AsyncDisposable & { readonly sandbox: () => Promise<Sandbox> }> {
  const parts = new AsyncDisposableStack();
  const start = async (): Promise<Sandbox> => {
    const place = parts.use(await temporaryExecPlace(0));
    const own = { ...place, identities: { runner: { uid: 0 } } };
    parts.use(await startSandbox({ ...own, log: (_part, line) => say(line), signal }, { images, slots: 1 }));
    return parts.use(await connectSandbox({ runDirectory: place.paths.sandboxRun }));
  };
  let started: Promise<Sandbox> | null = null;
  return {
    sandbox: () => (started ??= start()),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

async function pushImage(
  client: Client,
  image: Image,
  offered: readonly ImageLanguage[],
  directory: string,
  signal: AbortSignal,
): Promise<PublishedImage> {
  const { name } = image;
  using line = new ProgressLine(`image ${name}`);
  const { manifest, config, layers } = await publishLayers(directory, name, {
    signal,
    progress: ({ phase, done, total, message }) => line.update(phase, done, total, message),
  });
  const digests = [manifest.hex, config.hex, ...layers.map(({ blob }) => blob.hex)];
  const publish = {
    name,
    digest: image.digest,
    manifest: manifest.hex,
    recipe: image.recipe,
    architecture: image.architecture,
    sizeBytes: image.sizeBytes,
    languages: [...offered],
  };
  for (let tries = 1; ; tries++) {
    const sent = await uploadMissing(client, digests, directory, line, signal);
    try {
      const published = await client.call(routes.publishImage, { body: publish, signal });
      line.update("done", null, null, `published, sha256:${image.digest.slice(0, 16)}…`);
      say(`image ${name}: ${bytes(sent)} of ${bytes(published.transferBytes)} sent, the rest was there`);
      return published;
    } catch (error) {
      // Somebody withdrew an image whose parts were there a moment ago.
      if (!(error instanceof ApiError) || error.code !== "image_incomplete" || tries === 3) throw error;
    }
  }
}

/** Sends what the server lacks; resolves with how many bytes that were. */
async function uploadMissing(
  client: Client,
  digests: readonly string[],
  directory: string,
  line: ProgressLine,
  signal: AbortSignal,
): Promise<number> {
  const { digests: missing } = await client.call(routes.missingImageBlobs, {
    body: { digests: [...new Set(digests)] },
    signal,
  });
  const blobs = await Promise.all(
    missing.map(async (digest) => {
      const path = publishedBlob(directory, digest);
      return { digest, path, size: (await stat(path)).size };
    }),
  );
  const total = blobs.reduce((sum, { size }) => sum + size, 0);
  let sent = 0;
  const counted = async function* (path: string): AsyncGenerator<Uint8Array> {
    for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
      yield chunk;
      sent += chunk.length;
      line.update("sending", sent, total, `sending ${bytes(sent)} of ${bytes(total)}`);
    }
  };
  for (const { digest, path, size } of blobs)
    await client.upload(routes.putImageBlob, {
      params: { digest },
      body: counted(path),
      size,
      signal,
      timeoutMs: uploadMs,
    });
  return total;
}
