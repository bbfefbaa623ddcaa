import { chown, mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { availableParallelism, hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { Option, type Command } from "commander";
import { aborted, interruptSignal } from "../command.ts";
import { exitCode, usageError } from "../exit.ts";
import { count, directory } from "../options.ts";
import { say } from "../output/say.ts";
import { languagesOption } from "../stack/chosen-images.ts";
import { ensureImages } from "../stack/ensure-images.ts";
import { stackIdentities } from "../stack/identity.ts";
import { startKeeper, startRunner, startSandbox, startWasmRunner, type PartContext } from "../stack/parts.ts";
import { defaultDataDirectory, defaultImagesDirectory, prepareStackPaths } from "../stack/paths.ts";
import { requireRoot } from "../stack/stack.ts";

interface RunnerOptions {
  readonly server: string;
  readonly tokenFile: string;
  readonly name?: string;
  readonly data: string;
  readonly images: string;
  readonly languages: readonly string[];
  readonly slots?: number;
  readonly buildImages: boolean;
  readonly wasm: boolean;
}

export function registerRunner(program: Command): void {
  program
    .command("runner")
    .description("run jobs of a server elsewhere: a runner with its sandbox on this machine")
    .requiredOption("--server <url>", "the server's URL")
    .requiredOption("--token-file <file>", "a file with a token of the role runner")
    .addOption(
      new Option(
        "--name <name>",
        "what the server calls it, one name each (default: the machine's host name)",
      ).env("ASSAY_RUNNER_NAME"),
    )
    .option("--data <directory>", "where its caches are kept", directory, defaultDataDirectory)
    .option("--images <directory>", "where images are kept", directory, defaultImagesDirectory())
    .addOption(languagesOption().default([], "none: an image is fetched from the server when a job needs it"))
    .option(
      "--build-images",
      "build an image that a job needs, where the server has none to fetch and its recipe is known",
      false,
    )
    .option("--slots <n>", "boxes at once (default: one per CPU)", count)
    .option(
      "--wasm",
      "without boxes, as any user: only jobs that require wasm, in WebAssembly (Python); --data and --images play no part",
      false,
    )
    .action(runner);
}

async function runner(options: RunnerOptions): Promise<void> {
  if (!URL.canParse(options.server)) throw usageError(`--server is not a URL: ${options.server}`);
  const token = (await readFile(options.tokenFile, "utf8")).trim();
  if (!/^[\x21-\x7e]+$/.test(token))
    throw usageError(
      `${options.tokenFile} does not hold one token; assay tokens create NAME --role runner makes one`,
    );
  const signal = interruptSignal();
  if (options.wasm) return wasmRunner(options, token, signal);
  requireRoot("the runner", "for sandboxd and for the separate users of its parts (or, with less: --wasm)");
  await ensureImages(options.images, options.languages, signal);
  const identities = await stackIdentities();
  const paths = await prepareStackPaths(options.data, identities);
  const context: PartContext = { paths, identities, log: (_part, line) => say(line), signal };
  await using _sandbox = await startSandbox(context, {
    images: options.images,
    slots: options.slots ?? availableParallelism(),
  });
  const { server: serverUrl, images, buildImages } = options;
  await using keeper = startKeeper(context, { serverUrl, token, images, buildImages });
  const name = options.name ?? hostname();
  await using part = await startRunner(context, { name, serverUrl, token, images, buildImages, keeper });
  process.stdout.write(`assay: runner ready (process ${part.current.pid})\n`);
  await aborted(signal);
  process.exitCode = exitCode.ok;
}

/** Everything that it keeps is temporary: there is nothing that a later start could use. */
async function wasmRunner(options: RunnerOptions, token: string, signal: AbortSignal): Promise<void> {
  await using cache = await mkdtempDisposable(join(tmpdir(), "assay-runner-"));
  const tokenFile = join(cache.path, "token");
  await writeFile(tokenFile, token, { mode: 0o600 });
  const identity = process.getuid?.() === 0 ? (await stackIdentities()).runner : null;
  if (identity !== null)
    for (const path of [cache.path, tokenFile]) await chown(path, identity.uid, identity.gid);
  await using part = await startWasmRunner(
    { log: (_part, line) => say(line), signal },
    {
      // Beside the machine's own runner, which has the plain name.
      name: options.name ?? `${hostname()}-wasm`,
      identity,
      serverUrl: options.server,
      tokenFile,
      cache: cache.path,
      slots: options.slots ?? 1,
    },
  );
  process.stdout.write(`assay: runner ready (process ${part.current.pid}), without boxes\n`);
  await aborted(signal);
  process.exitCode = exitCode.ok;
}
