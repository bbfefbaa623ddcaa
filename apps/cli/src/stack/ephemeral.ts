import { mkdtemp, chmod } from "node:fs/promises";
import { join } from "node:path";
import { removeTree } from "@assay/images";
import { languageById } from "@assay/languages";
import { say } from "../output/say.ts";
import { markOwned, removeAbandoned } from "./abandoned.ts";
import { ensureImages } from "./ensure-images.ts";
import { defaultImagesDirectory } from "./paths.ts";
import { requireRoot, startStack, type Stack } from "./stack.ts";

export interface EphemeralOptions {
  /** The languages whose images must be there; they are built first when they are not. */
  readonly languages: readonly string[];
  /** False: packages that are uploaded are not verified. */
  readonly verifyUploads?: boolean;
  /** Boxes at once; one per CPU when left out. */
  readonly slots?: number;
}

export interface EphemeralStack extends Stack {
  /** Removed at the end, with everything in it. */
  readonly directory: string;
  /** What the parts said, the latest lines. */
  readonly log: readonly string[];
}

/** A whole stack on a data directory of its own that is removed with it. Its parts' logs are kept in memory. */
export async function startEphemeralStack(
  options: EphemeralOptions,
  signal: AbortSignal,
): Promise<EphemeralStack> {
  requireRoot("the embedded stack");
  const images = defaultImagesDirectory();
  const names = new Set(options.languages.flatMap((id) => languageById(id)?.image ?? []));
  await ensureImages(images, [...names], signal);

  for (const path of await removeAbandoned("/tmp"))
    say(`assay: removed what an earlier call left when it was killed: ${path}`);
  await using cleanup = new AsyncDisposableStack();
  const data = await mkdtemp("/tmp/assay-");
  cleanup.defer(() => removeTree(data));
  await markOwned(data);
  await chmod(data, 0o711);
  const log: string[] = [];
  const stack = cleanup.use(
    await startStack(
      {
        data: join(data, "data"),
        images,
        slots: options.slots ?? null,
        host: "127.0.0.1",
        port: 0,
        verifyUploads: options.verifyUploads ?? true,
        log: (part, line) => {
          log.push(`${part}: ${line}`);
          if (log.length > 5000) log.shift();
        },
      },
      signal,
    ),
  );
  const owned = cleanup.move();
  return { ...stack, directory: data, log, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
