import { stat } from "node:fs/promises";
import { isIP } from "node:net";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { imageStore } from "@assay/images";
import { Option, type Command } from "commander";
import { aborted, interruptSignal } from "../command.ts";
import { exitCode, platformError, usageError } from "../exit.ts";
import { count, directory, number, port } from "../options.ts";
import { say } from "../output/say.ts";
import { requireFreeAddress } from "../stack/address.ts";
import { ensureImages } from "../stack/ensure-images.ts";
import { startExecService, temporaryExecPlace } from "../stack/exec-service.ts";
import { startSandbox, urlOf } from "../stack/parts.ts";
import { defaultImagesDirectory } from "../stack/paths.ts";

const MiB = 1024 * 1024;

/** A request whose commands talk to each other needs a box for each of them at once. */
const leastSlots = 8;

interface ExecServiceOptions {
  readonly host: string;
  readonly port: number;
  readonly authToken?: string;
  readonly allowAnonymous: boolean;
  readonly allowOrigin: readonly string[];
  readonly image: string;
  readonly images: string;
  readonly slots?: number;
  readonly parallelism?: number;
  readonly fileDir?: string;
  readonly fileTtl?: number;
  readonly fileSizeCap?: number;
  readonly srcPrefix: readonly string[];
  readonly bodyLimit?: number;
  readonly workSize?: number;
  readonly maxCpu?: number;
  readonly maxClock?: number;
  readonly maxMemory?: number;
  readonly maxProcesses?: number;
}

const several = (flags: string, description: string): Option =>
  new Option(flags, `${description}; may be repeated`)
    .default([])
    .argParser((value: string, before: readonly string[]) => [...before, value]);

export function registerExecService(program: Command): void {
  program
    .command("exec-service")
    .description("run programs for others over HTTP, with go-judge's interface and without a database")
    .option("--host <address>", "where it listens", "127.0.0.1")
    .option("--port <port>", "0 = any free one", port, 5050)
    .addOption(
      new Option(
        "--auth-token <token>",
        "what clients must show (others see it in the list of processes)",
      ).env("ASSAY_EXEC_TOKEN"),
    )
    .option("--allow-anonymous", "listen to other machines without a token", false)
    .addOption(several("--allow-origin <origin>", "origin of web pages that need no token"))
    .option("--image <name>", "root of every program: an image's name or digest", "exec")
    .option("--images <directory>", "where images are kept", directory, defaultImagesDirectory())
    .option("--slots <n>", `boxes at once (default: two per CPU, at least ${leastSlots})`, count)
    .option("--parallelism <n>", "requests at once (default: one per CPU)", count)
    .option("--file-dir <directory>", "where stored files have their space (default: below /tmp)", directory)
    .option(
      "--file-ttl <seconds>",
      "how long a file is kept that nobody uses (default: as long as it fits)",
      count,
    )
    .option("--file-size-cap <MiB>", "of all stored files together (default: 1024)", count)
    .addOption(several("--src-prefix <directory>", "whose files requests may name with src"))
    .option("--body-limit <MiB>", "of one request (default: 256)", count)
    .option("--work-size <MiB>", "what a program may write to /w and to /tmp, each (default: 128)", count)
    .option("--max-cpu <seconds>", "what is asked beyond is lowered to it (default: 600)", count)
    .option("--max-clock <seconds>", "as well (default: 3600)", count)
    .option("--max-memory <MiB>", "as well (default: 16384)", number)
    .option("--max-processes <n>", "as well (default: 1024)", count)
    .action(execService);
}

async function execService(options: ExecServiceOptions): Promise<void> {
  if (options.authToken === undefined && !options.allowAnonymous && !isLoopback(options.host))
    throw usageError(
      `whoever reaches ${options.host} could run programs here: set ASSAY_EXEC_TOKEN, or say --allow-anonymous`,
    );
  const uid = process.getuid?.() ?? 0;
  const signal = interruptSignal();
  await requireFreeAddress(options.host, options.port);
  const image = await digestOf(options, uid === 0, signal);
  await using place = await temporaryExecPlace(uid);
  const context = { ...place, log: (_part: string, line: string) => say(line), signal };
  await using _sandbox = await startSandbox(context, {
    images: options.images,
    slots: options.slots ?? Math.max(leastSlots, 2 * availableParallelism()),
  });
  await using service = await startExecService(context, place, settingsOf(options, image));
  if (uid !== 0)
    say(
      "assay: not started by root: boxes are in user namespaces, and limits are watched instead of enforced",
    );
  process.stdout.write(`assay: exec-service ready at ${urlOf(service.current)} (image ${options.image})\n`);
  await aborted(signal);
  process.exitCode = exitCode.ok;
}

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));

async function digestOf(
  { image, images }: ExecServiceOptions,
  mayBuild: boolean,
  signal: AbortSignal,
): Promise<string> {
  if (/^[0-9a-f]{64}$/.test(image)) {
    if (await stat(join(images, image, "root")).catch(() => null)) return image;
    throw usageError(`there is no image ${image} in ${images}; assay images lists them`);
  }
  if (mayBuild) await ensureImages(images, [image], signal);
  const store = imageStore(images);
  const { digest } = await store.resolve(image);
  const damage = await store.damageOf(digest);
  if (damage !== null) throw platformError(`the image ${image} is damaged: ${damage}`);
  return digest;
}

const bytes = (mebibytes: number | undefined): number | undefined =>
  mebibytes === undefined ? undefined : Math.round(mebibytes * MiB);

/** The service's own names of what was asked for; what was not is its own to choose. */
function settingsOf(options: ExecServiceOptions, image: string): Record<string, string> {
  const settings: Record<string, string | number | undefined> = {
    ASSAY_EXEC_HOST: options.host,
    ASSAY_EXEC_PORT: options.port,
    ASSAY_EXEC_TOKEN: options.authToken,
    ASSAY_EXEC_ORIGINS: options.allowOrigin.join("\n"),
    ASSAY_EXEC_IMAGE: image,
    ASSAY_EXEC_PARALLELISM: options.parallelism,
    ASSAY_EXEC_FILE_DIR: options.fileDir,
    ASSAY_EXEC_FILE_SECONDS: options.fileTtl,
    ASSAY_EXEC_FILE_BYTES: bytes(options.fileSizeCap),
    ASSAY_EXEC_SRC_PREFIXES: options.srcPrefix.flatMap((list) => list.split(",")).join("\n"),
    ASSAY_EXEC_BODY_BYTES: bytes(options.bodyLimit),
    ASSAY_EXEC_WORK_BYTES: bytes(options.workSize),
    ASSAY_EXEC_MAX_CPU_SECONDS: options.maxCpu,
    ASSAY_EXEC_MAX_CLOCK_SECONDS: options.maxClock,
    ASSAY_EXEC_MAX_MEMORY_BYTES: bytes(options.maxMemory),
    ASSAY_EXEC_MAX_PROCESSES: options.maxProcesses,
  };
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}
