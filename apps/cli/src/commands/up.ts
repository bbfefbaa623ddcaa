import type { Command } from "commander";
import { aborted, interruptSignal } from "../command.ts";
import { defaultUrl } from "../connection.ts";
import { exitCode } from "../exit.ts";
import { compatibleApis, count, directory, port } from "../options.ts";
import { say } from "../output/say.ts";
import { printable } from "../output/text.ts";
import { requireFreeAddress } from "../stack/address.ts";
import { languagesOption } from "../stack/chosen-images.ts";
import { ensureImages } from "../stack/ensure-images.ts";
import { defaultDataDirectory, defaultImagesDirectory } from "../stack/paths.ts";
import { requireRoot, startStack } from "../stack/stack.ts";

interface UpOptions {
  readonly data: string;
  readonly images: string;
  readonly languages: readonly string[];
  readonly slots?: number;
  readonly host: string;
  readonly port: number;
  readonly compatibleApis: string;
}

export function registerUp(program: Command): void {
  program
    .command("up")
    .description(
      "serve on this machine: PostgreSQL, server, runner and sandbox, supervised, until interrupted",
    )
    .option("--data <directory>", "what must survive", directory, defaultDataDirectory)
    .option("--images <directory>", "where images are kept", directory, defaultImagesDirectory())
    .addOption(languagesOption())
    .option("--slots <n>", "boxes at once (default: one per CPU)", count)
    .option("--host <address>", "where the server listens", "127.0.0.1")
    .option("--port <port>", "0 = any free one", port, Number(new URL(defaultUrl).port))
    .addOption(compatibleApis())
    .action(up);
}

async function up(options: UpOptions): Promise<void> {
  requireRoot("the stack");
  const signal = interruptSignal();
  await requireFreeAddress(options.host, options.port);
  await ensureImages(options.images, options.languages, signal);
  await using stack = await startStack(
    {
      data: options.data,
      images: options.images,
      slots: options.slots ?? null,
      host: options.host,
      port: options.port,
      compatibleApis: options.compatibleApis,
      log: (part, line) => process.stderr.write(`${part}: ${printable(line)}\n`),
    },
    signal,
  );
  process.stdout.write(`assay: ready at ${stack.url}\n`);
  if (stack.isFirstStart)
    process.stdout.write(
      `assay: the owner's token, shown this once: ${stack.ownerToken}\n` +
        `assay: it is also in ${stack.paths.secrets}/owner.token\n`,
    );
  await aborted(signal);
  say("assay: stopping; running jobs get up to 30 s to end, a second interrupt ends them at once");
  process.exitCode = exitCode.ok;
}
