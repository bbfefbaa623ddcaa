import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { coreRecipes, imageStore } from "@assay/images";
import { connectSandbox, startSandboxd } from "@assay/sandbox";
import type { Sandbox } from "@assay/sandbox";
import { temporaryDirectory } from "./directory.ts";
import { whyNoSandbox } from "./sandbox.ts";

/** A real sandboxd on the images that ship with Assay, as `assay test` has built them. */
export interface CatalogueSandbox {
  readonly sandbox: Sandbox;
  /** Digests by image name. */
  readonly images: ReadonlyMap<string, string>;
}

export interface MaybeCatalogueSandbox extends AsyncDisposable {
  /** Null, or why it can't be had here; then `get` throws. */
  readonly skip: string | null;
  get(): CatalogueSandbox;
}

/** Where the images that ship with Assay are kept once they are built. */
export const catalogueDirectory =
  process.env["ASSAY_IMAGES_DIR"] ?? resolve(import.meta.dirname, "../../../.cache/images");

/** For the top of a test file, as `sandboxOrSkip`. */
export async function catalogueSandboxOrSkip({ slots } = { slots: 1 }): Promise<MaybeCatalogueSandbox> {
  const images = await catalogueDigests();
  const skip = (await whyNoSandbox()) ?? (images === null ? "(skipped: needs ./assay images build)" : null);
  if (skip !== null || images === null)
    return {
      skip,
      get() {
        throw new Error(skip ?? "no sandbox");
      },
      async [Symbol.asyncDispose]() {},
    };

  await using resources = new AsyncDisposableStack();
  const directory = resources.use(await temporaryDirectory());
  const [stateDirectory, runDirectory] = [join(directory.path, "state"), join(directory.path, "run")];
  await Promise.all([mkdir(stateDirectory), mkdir(runDirectory)]);
  resources.use(
    await startSandboxd({
      stateDirectory,
      runDirectory,
      imagesDirectory: catalogueDirectory,
      slots,
      clientUid: process.getuid?.() ?? 0,
      log: () => undefined,
    }),
  );
  const sandbox = resources.use(await connectSandbox({ runDirectory }));
  const kept = resources.move();
  return { skip: null, get: () => ({ sandbox, images }), [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** Digests of what is built, by image name; null unless all the core ones are there. */
export async function catalogueDigests(): Promise<ReadonlyMap<string, string> | null> {
  const statuses = await imageStore(catalogueDirectory)
    .list()
    .catch(() => []);
  const ready = statuses.flatMap(({ name, digest, state }): [string, string][] =>
    state === "ready" && digest !== null ? [[name, digest]] : [],
  );
  const digests = new Map(ready);
  return coreRecipes.every(({ name }) => digests.has(name)) ? digests : null;
}
