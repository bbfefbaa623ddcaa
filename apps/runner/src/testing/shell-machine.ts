import { join } from "node:path";
import { createClient } from "@assay/client";
import { imageStore } from "@assay/images";
import { reportStore } from "@assay/judging";
import type { Language } from "@assay/languages";
import { temporaryDirectory } from "@assay/testing";
import type { TestSandbox } from "@assay/testing";
import type { Execute } from "../attempts/attempt.ts";
import { BlobCache } from "../caches/blob-cache.ts";
import { PackageCache } from "../caches/package-cache.ts";
import { systemClock } from "../clock.ts";
import { driverOf } from "../executors/drivers.ts";
import { executeOn } from "../executors/execute.ts";
import { machine } from "../executors/machine.ts";
import type { Machine } from "../executors/machine.ts";
import { Offers } from "../offers/offers.ts";
import type { TestServer } from "./real-server.ts";

const environment = { PATH: "/usr/bin:/bin" };

/** Scripts for the shell of the test image; the first line of a source may say what "compiles" it. */
const shell: Language = {
  id: "shell",
  family: "shell",
  release: "1",
  name: "Shell",
  aliases: [],
  image: "tiny",
  extensions: [".sh"],
  defaultSource: "main.sh",
  highlighting: "shell",
  translation: "checked",
  programs: "bash",
  without: {},
  entryPoint: (files) => files[0] ?? "main.sh",
  compile: (files) => ({
    argv: ["sh", "-c", 'read -r _ command < "$0"; eval "$command"', ...files],
    env: environment,
    outputs: [],
  }),
  compileMinimum: { memoryBytes: 0, processes: 8, diskBytes: 0 },
  run: (files, args = []) => ({ argv: ["sh", ...files, ...args], env: environment }),
  version: { argv: ["true"], env: environment, parse: () => "1" },
};

/** The real executors on a real sandbox, for a session with a real server; every job is a shell script. */
export async function shellMachine(
  { sandbox, image }: TestSandbox,
  server: TestServer,
): Promise<AsyncDisposable & { readonly execute: Execute }> {
  await using resources = new AsyncDisposableStack();
  const directory = resources.use(await temporaryDirectory());
  const client = resources.use(createClient({ baseUrl: server.url, token: server.runnerToken }));
  const blobs = await BlobCache.open({
    directory: join(directory.path, "blobs"),
    maxBytes: 1e8,
    memoryBytes: 1e7,
  });
  const offers = await Offers.inspect(
    {
      native: {
        store: imageStore(directory.path),
        sandbox,
        reports: reportStore(directory.path),
        levels: () => [],
      },
      wasm: null,
      languages: [],
    },
    new AbortController().signal,
  );
  const drivers = [driverOf("native", sandbox, { maxBytes: 1e7, store: null })];
  const packages = new PackageCache(client, blobs, systemClock, 1e6);
  const own: Machine = {
    ...machine({ drivers, offers, chosenImages: null, supply: null, packages, speedFactor: null }, "shells"),
    toolsFor: async () => ({
      language: shell,
      provenance: {
        image: { name: "tiny", digest: image },
        language: { id: "shell", version: "1" },
        runner: "shells",
      },
    }),
  };
  const kept = resources.move();
  return { execute: executeOn(own), [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
