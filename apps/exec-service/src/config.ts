import { availableParallelism } from "node:os";
import { z } from "zod";

const MiB = 1024 * 1024;

const absolutePath = z.string().startsWith("/", "must be an absolute path");
const integer = (smallest: number, largest: number) => z.coerce.number().int().min(smallest).max(largest);
const lines = z
  .string()
  .default("")
  .transform((text) => text.split("\n").filter((line) => line !== ""));

const variables = z.object({
  ASSAY_EXEC_HOST: z.string().min(1).default("127.0.0.1"),
  ASSAY_EXEC_PORT: integer(0, 65_535).default(5050),
  ASSAY_EXEC_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{1,512}$/, "must be 1 to 512 printable characters without blanks")
    .optional(),
  ASSAY_EXEC_ORIGINS: lines,
  ASSAY_EXEC_IMAGE: z.string().regex(/^[0-9a-f]{64}$/, "must be the digest of an image"),
  ASSAY_SANDBOX_DIR: absolutePath,
  ASSAY_EXEC_FILE_DIR: absolutePath,
  ASSAY_EXEC_FILE_SECONDS: integer(0, 365 * 86_400).default(0),
  ASSAY_EXEC_FILE_BYTES: integer(1, Number.MAX_SAFE_INTEGER).default(1024 * MiB),
  ASSAY_EXEC_SRC_PREFIXES: lines.pipe(z.array(absolutePath)),
  ASSAY_EXEC_PARALLELISM: integer(1, 1024).optional(),
  ASSAY_EXEC_BODY_BYTES: integer(1024, 512 * MiB).default(256 * MiB),
  ASSAY_EXEC_WORK_BYTES: integer(64 * 1024, 16 * 1024 * MiB).default(128 * MiB),
  ASSAY_EXEC_MAX_CPU_SECONDS: integer(1, 86_400).default(600),
  ASSAY_EXEC_MAX_CLOCK_SECONDS: integer(1, 86_000).default(3600),
  ASSAY_EXEC_MAX_MEMORY_BYTES: integer(MiB, 16 * 1024 * 1024 * MiB).default(16 * 1024 * MiB),
  ASSAY_EXEC_MAX_PROCESSES: integer(1, 32_768).default(1024),
  ASSAY_LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
});

/** How the service runs. Sizes are bytes. */
export interface ExecConfig {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  /** Null = whoever reaches the address may use it. */
  readonly token: string | null;
  /** Origins of web pages that may use it without a token. */
  readonly origins: readonly string[];
  /** Digest of the image that is the root file system of commands. */
  readonly image: string;
  /** Where sandboxd has its sockets. */
  readonly sandboxDirectory: string;
  readonly fileDirectory: string;
  /** How long a stored file that nobody uses is kept; null = until there is no room. */
  readonly fileTtlMs: number | null;
  readonly fileBytes: number;
  /** Directories whose files requests may name with `src`. */
  readonly srcPrefixes: readonly string[];
  /** Requests at a time. */
  readonly parallelism: number;
  readonly bodyBytes: number;
  /** What programs may write to /w and to /tmp, each. */
  readonly workBytes: number;
  readonly maxCpuSeconds: number;
  readonly maxClockSeconds: number;
  readonly maxMemoryBytes: number;
  readonly maxProcesses: number;
  readonly logLevel: string;
}

/** A configuration that can't be run with; the message names every variable that is wrong. */
export class BadConfiguration extends Error {
  override readonly name = "BadConfiguration";
}

/**
 * Reads the configuration from environment variables.
 *
 * @throws BadConfiguration
 */
export function configFromEnvironment(environment: Readonly<Record<string, string | undefined>>): ExecConfig {
  const parsed = variables.safeParse(environment);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new BadConfiguration(`The configuration is not valid. ${faults.join("; ")}.`);
  }
  const found = parsed.data;
  const seconds = found.ASSAY_EXEC_FILE_SECONDS;
  return {
    host: found.ASSAY_EXEC_HOST,
    port: found.ASSAY_EXEC_PORT,
    token: found.ASSAY_EXEC_TOKEN ?? null,
    origins: found.ASSAY_EXEC_ORIGINS,
    image: found.ASSAY_EXEC_IMAGE,
    sandboxDirectory: found.ASSAY_SANDBOX_DIR,
    fileDirectory: found.ASSAY_EXEC_FILE_DIR,
    fileTtlMs: seconds === 0 ? null : seconds * 1000,
    fileBytes: found.ASSAY_EXEC_FILE_BYTES,
    srcPrefixes: found.ASSAY_EXEC_SRC_PREFIXES,
    parallelism: found.ASSAY_EXEC_PARALLELISM ?? availableParallelism(),
    bodyBytes: found.ASSAY_EXEC_BODY_BYTES,
    workBytes: found.ASSAY_EXEC_WORK_BYTES,
    maxCpuSeconds: found.ASSAY_EXEC_MAX_CPU_SECONDS,
    maxClockSeconds: found.ASSAY_EXEC_MAX_CLOCK_SECONDS,
    maxMemoryBytes: found.ASSAY_EXEC_MAX_MEMORY_BYTES,
    maxProcesses: found.ASSAY_EXEC_MAX_PROCESSES,
    logLevel: found.ASSAY_LOG_LEVEL,
  };
}
