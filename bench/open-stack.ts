import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createClient, type Client } from "@assay/client";
import { startStack, uploadPackage } from "@assay/cli/stack";
import type { Problem } from "@assay/contracts";
import { imagesDirectory } from "./setting.ts";

const never = new AbortController().signal;

const quiet = (): void => undefined;

export interface OpenStack extends AsyncDisposable {
  readonly client: Client;
  /** Uploads a package of these files under this name. */
  upload(name: string, files: Readonly<Record<string, string>>): Promise<Problem>;
}

/** The whole platform on a directory of its own, through its HTTP API. */
export async function openStack(): Promise<OpenStack> {
  await using cleanup = new AsyncDisposableStack();
  const directory = await mkdtemp("/tmp/assay-bench-");
  cleanup.defer(() => rm(directory, { recursive: true, force: true }));
  await chmod(directory, 0o711);
  const data = join(directory, "data");
  const stack = cleanup.use(
    await startStack(
      { data, images: imagesDirectory, slots: null, host: "127.0.0.1", port: 0, log: quiet },
      never,
    ),
  );
  const client = cleanup.use(createClient({ baseUrl: stack.url, token: stack.ownerToken }));
  const kept = cleanup.move();
  return {
    client,
    async upload(name, files) {
      const root = join(directory, name);
      await rm(root, { recursive: true, force: true });
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), content);
      }
      return uploadPackage(client, root, never);
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
