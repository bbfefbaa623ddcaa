import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { recipes } from "@assay/images";
import type { Command } from "commander";
import { aborted, interruptSignal } from "../command.ts";
import { exitCode, usageError } from "../exit.ts";
import { count, directory } from "../options.ts";
import { say } from "../output/say.ts";
import { ensureImages } from "../stack/ensure-images.ts";
import { stackIdentities } from "../stack/identity.ts";
import { startRunner, startSandbox, type PartContext } from "../stack/parts.ts";
import { defaultDataDirectory, defaultImagesDirectory, prepareStackPaths } from "../stack/paths.ts";
import { requireRoot } from "../stack/stack.ts";

interface RunnerOptions {
  readonly server: string;
  readonly tokenFile: string;
  readonly data: string;
  readonly images: string;
  readonly slots?: number;
}

export function registerRunner(program: Command): void {
  program
    .command("runner")
    .description("run jobs of a server elsewhere: a runner with its sandbox on this machine")
    .requiredOption("--server <url>", "the server's URL")
    .requiredOption("--token-file <file>", "a file with a token of the role runner")
    .option("--data <directory>", "where its caches are kept", directory, defaultDataDirectory)
    .option("--images <directory>", "where images are kept", directory, defaultImagesDirectory())
    .option("--slots <n>", "boxes at once (default: one per CPU)", count)
    .action(runner);
}

async function runner(options: RunnerOptions): Promise<void> {
  if (!URL.canParse(options.server)) throw usageError(`--server is not a URL: ${options.server}`);
  const token = (await readFile(options.tokenFile, "utf8")).trim();
  requireRoot("the runner");
  const signal = interruptSignal();
  await ensureImages(
    options.images,
    recipes.map((recipe) => recipe.name),
    signal,
  );
  const identities = await stackIdentities();
  const paths = await prepareStackPaths(options.data, identities);
  const context: PartContext = { paths, identities, log: (_part, line) => say(line), signal };
  await using _sandbox = await startSandbox(context, {
    images: options.images,
    slots: options.slots ?? availableParallelism(),
  });
  await using part = await startRunner(context, {
    serverUrl: options.server,
    token,
    images: options.images,
  });
  process.stdout.write(`assay: runner ready (process ${part.current.pid})\n`);
  await aborted(signal);
  process.exitCode = exitCode.ok;
}
