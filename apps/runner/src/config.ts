import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { z } from "zod";

const MiB = 1024 * 1024;

const absolutePath = z.string().startsWith("/", "must be an absolute path");
const integer = (smallest: number, largest: number) => z.coerce.number().int().min(smallest).max(largest);

const variables = z.object({
  ASSAY_SERVER_URL: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }),
  ASSAY_RUNNER_TOKEN: z.string().min(1).optional(),
  ASSAY_RUNNER_TOKEN_FILE: absolutePath.optional(),
  ASSAY_RUNNER_NAME: z.string().min(1).max(100).default(hostname()),
  ASSAY_SANDBOX_DIR: absolutePath.optional(),
  ASSAY_IMAGES_DIR: absolutePath.optional(),
  ASSAY_CACHE_DIR: absolutePath,
  ASSAY_RUNNER_CACHE_BYTES: integer(0, Number.MAX_SAFE_INTEGER).default(1024 * MiB),
  ASSAY_RUNNER_MEMORY_CACHE_BYTES: integer(0, Number.MAX_SAFE_INTEGER).default(64 * MiB),
  ASSAY_RUNNER_COMPILED_BYTES: integer(0, Number.MAX_SAFE_INTEGER).default(256 * MiB),
  ASSAY_RUNNER_COMPILED_DISK_BYTES: integer(0, Number.MAX_SAFE_INTEGER).default(1024 * MiB),
  ASSAY_RUNNER_SLOTS: integer(1, 1024).optional(),
  ASSAY_RUNNER_GVISOR: z.enum(["auto", "off"]).default("auto"),
  ASSAY_RUNNER_WASM: z.enum(["off", "on", "only"]).default("off"),
  ASSAY_IMAGE_KEEPER_FD: integer(3, 1024).optional(),
  ASSAY_RUNNER_BUILD_IMAGES: z.enum(["true", "false"]).default("false"),
  ASSAY_RUNNER_DRAIN_SECONDS: integer(0, 3600).default(30),
  ASSAY_LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
});

/** How one runner runs. Paths are absolute, sizes bytes. */
export interface RunnerConfig {
  readonly serverUrl: string;
  readonly token: string;
  /** What makes this runner the same one after a restart. */
  readonly name: string;
  /** Null for a runner that has no sandboxd, and runs programs in WebAssembly only. */
  readonly native: {
    /** Where sandboxd has its sockets. */
    readonly sandboxDirectory: string;
    readonly imagesDirectory: string;
  } | null;
  /** Belongs to this runner alone. */
  readonly cacheDirectory: string;
  /** Blobs of problem packages kept on disk. */
  readonly cacheBytes: number;
  /** Blobs of problem packages kept in memory as well. */
  readonly memoryCacheBytes: number;
  /** Compiled programs kept in sandboxd. */
  readonly compiledBytes: number;
  /** Compiled programs kept on disk, where they outlive sandboxd; 0 = none. */
  readonly compiledDiskBytes: number;
  /** Jobs that run at once; null means as many as sandboxd has slots. */
  readonly slots: number | null;
  /** Whether gVisor is used where it is installed and works. */
  readonly gvisor: boolean;
  /** Whether programs that ask for it may run in a WebAssembly machine. */
  readonly wasm: boolean;
  /** The descriptor that leads to the keeper of this machine's images; null = what is missing stays so. */
  readonly keeperDescriptor: number | null;
  /** Whether the keeper builds what nobody published. */
  readonly buildImages: boolean;
  /** How long a runner that is asked to stop lets its jobs finish. */
  readonly drainSeconds: number;
  readonly logLevel: string;
}

/** A configuration that can't be run with; the message names every variable that is wrong. */
export class BadConfiguration extends Error {
  override readonly name = "BadConfiguration";
}

/**
 * Reads the configuration from environment variables, and the token from its file.
 *
 * @throws BadConfiguration
 */
export async function configFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<RunnerConfig> {
  const parsed = variables.safeParse(environment);
  const issues = parsed.success ? [] : parsed.error.issues;
  const faults = [
    ...issues.map(({ path, message }) => `${path.join(".")}: ${message}`),
    ...missingForBoxes(environment),
  ];
  if (!parsed.success || faults.length > 0)
    throw new BadConfiguration(`The configuration is not valid. ${faults.join("; ")}.`);
  const found = parsed.data;
  return {
    serverUrl: found.ASSAY_SERVER_URL,
    token: await tokenOf(found.ASSAY_RUNNER_TOKEN, found.ASSAY_RUNNER_TOKEN_FILE),
    name: found.ASSAY_RUNNER_NAME,
    native:
      found.ASSAY_RUNNER_WASM === "only"
        ? null
        : {
            sandboxDirectory: found.ASSAY_SANDBOX_DIR ?? "",
            imagesDirectory: found.ASSAY_IMAGES_DIR ?? "",
          },
    cacheDirectory: found.ASSAY_CACHE_DIR,
    cacheBytes: found.ASSAY_RUNNER_CACHE_BYTES,
    memoryCacheBytes: found.ASSAY_RUNNER_MEMORY_CACHE_BYTES,
    compiledBytes: found.ASSAY_RUNNER_COMPILED_BYTES,
    compiledDiskBytes: found.ASSAY_RUNNER_COMPILED_DISK_BYTES,
    slots: found.ASSAY_RUNNER_SLOTS ?? null,
    gvisor: found.ASSAY_RUNNER_GVISOR === "auto",
    wasm: found.ASSAY_RUNNER_WASM !== "off",
    keeperDescriptor: found.ASSAY_IMAGE_KEEPER_FD ?? null,
    buildImages: found.ASSAY_RUNNER_BUILD_IMAGES === "true",
    drainSeconds: found.ASSAY_RUNNER_DRAIN_SECONDS,
    logLevel: found.ASSAY_LOG_LEVEL,
  };
}

/** What only a runner with boxes needs; zod looks at it after everything else, which would hide it. */
function missingForBoxes(environment: Readonly<Record<string, string | undefined>>): string[] {
  if (environment["ASSAY_RUNNER_WASM"] === "only") return [];
  return ["ASSAY_SANDBOX_DIR", "ASSAY_IMAGES_DIR"]
    .filter((name) => environment[name] === undefined)
    .map((name) => `${name}: is needed, unless ASSAY_RUNNER_WASM is only`);
}

async function tokenOf(token: string | undefined, file: string | undefined): Promise<string> {
  if ((token === undefined) === (file === undefined)) {
    throw new BadConfiguration("Set one of ASSAY_RUNNER_TOKEN_FILE and ASSAY_RUNNER_TOKEN.");
  }
  if (token !== undefined) return checked(token, "ASSAY_RUNNER_TOKEN");
  try {
    return checked(await readFile(file ?? "", "utf8"), `ASSAY_RUNNER_TOKEN_FILE (${file})`);
  } catch (error) {
    if (error instanceof BadConfiguration) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new BadConfiguration(`ASSAY_RUNNER_TOKEN_FILE can't be read: ${why}.`);
  }
}

/** The token travels in a header line: anything else in the file is a mistake to be told now. */
function checked(text: string, where: string): string {
  const token = text.trim();
  if (!/^[\x21-\x7e]{1,512}$/.test(token)) throw new BadConfiguration(`${where} does not hold one token.`);
  return token;
}
