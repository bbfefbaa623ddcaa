import { isIP } from "node:net";
import type { Limits } from "@assay/contracts";
import { z } from "zod";

const MiB = 1024 * 1024;

const ServerRole = z.enum(["api", "maintenance"]);
const CompatibleApi = z.enum(["judge0", "piston"]);
const list = <Item extends z.ZodType<string, string>>(item: Item) =>
  z
    .string()
    .default("")
    .transform((text) =>
      text
        .split(",")
        .map((word) => word.trim())
        .filter(Boolean),
    )
    .pipe(z.array(item));
const flag = z
  .enum(["true", "false"], "must be true or false")
  .default("false")
  .transform((text) => text === "true");
/** An address, or a network as address/bits. */
const Network = z.string().refine((text) => {
  const [address = "", bits = "0", ...rest] = text.split("/");
  const version = isIP(address);
  return (
    version > 0 && rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)
  );
}, "must be addresses or networks as 10.0.0.0/8");
const integer = (smallest: number, largest: number, otherwise: number) =>
  z.coerce.number().int().min(smallest).max(largest).default(otherwise);

/** What a run may ask for at most; what it gets otherwise is the contracts' `defaultRunLimits`. */
const maximumLimits: Limits = {
  cpuMs: 60_000,
  wallMs: 120_000,
  memoryBytes: 2048 * MiB,
  processes: 512,
  diskBytes: 512 * MiB,
  fileBytes: 512 * MiB,
  stackBytes: 1024 * MiB,
  openFiles: 4096,
  outputBytes: 16 * MiB,
  idleMs: null,
  addressSpaceBytes: null,
  dataBytes: null,
};

const variables = z.object({
  ASSAY_DATABASE_URL: z.string().min(1),
  ASSAY_BLOBS_DIR: z.string().startsWith("/", "must be an absolute path"),
  ASSAY_SECRETS_DIR: z.string().startsWith("/", "must be an absolute path"),
  ASSAY_HOST: z.string().min(1).default("127.0.0.1"),
  ASSAY_PORT: integer(0, 65_535, 8080),
  ASSAY_ROLES: z
    .string()
    .default("api,maintenance")
    .transform((text) => text.split(",").map((role) => role.trim()))
    .pipe(z.array(ServerRole).min(1)),
  ASSAY_LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
  ASSAY_LEASE_SECONDS: integer(2, 3600, 15),
  ASSAY_MAX_ATTEMPTS: integer(1, 100, 3),
  ASSAY_FETCH_PATIENCE_SECONDS: integer(0, 3600, 10),
  ASSAY_DATABASE_CONNECTIONS: integer(2, 200, 12),
  ASSAY_MAX_CPU_MS: integer(10, 600_000, maximumLimits.cpuMs),
  ASSAY_MAX_WALL_MS: integer(10, 3_600_000, maximumLimits.wallMs),
  ASSAY_MAX_MEMORY_BYTES: integer(8 * MiB, 65_536 * MiB, maximumLimits.memoryBytes),
  ASSAY_MAX_PROCESSES: integer(1, 4096, maximumLimits.processes),
  ASSAY_MAX_OUTPUT_BYTES: integer(0, 64 * MiB, maximumLimits.outputBytes),
  ASSAY_MAX_SOURCE_BYTES: integer(1, 16 * MiB, MiB),
  ASSAY_MAX_DATA_BYTES: integer(0, 64 * MiB, 8 * MiB),
  ASSAY_MAX_PACKAGE_BYTES: integer(1024, 4096 * MiB, 256 * MiB),
  ASSAY_MAX_IMAGE_BLOB_BYTES: integer(1024 * 1024, 65_536 * MiB, 2048 * MiB),
  ASSAY_MAX_IMAGE_STORAGE_BYTES: integer(0, 1024 * 1024 * 1024 * MiB, 50 * 1024 * MiB),
  ASSAY_BLOB_GRACE_SECONDS: integer(0, 30 * 24 * 3600, 3600),
  ASSAY_RESULT_RETENTION_DAYS: integer(1, 36_500, 90),
  ASSAY_COMPATIBLE_APIS: list(CompatibleApi),
  ASSAY_COMPATIBLE_QUEUE: integer(1, 1_000_000, 100),
  ASSAY_CALLBACK_NETWORKS: list(Network),
  ASSAY_PISTON_RUN_TIMEOUT_MS: integer(10, 3_600_000, 3_000),
  ASSAY_PISTON_COMPILE_TIMEOUT_MS: integer(10, 600_000, 10_000),
  ASSAY_JUDGE0_IMPLICIT_BASE64: flag,
  ASSAY_JUDGE0_ALLOW_DELETE: flag,
  ASSAY_VERIFY_UPLOADS: z
    .enum(["true", "false"])
    .default("true")
    .transform((word) => word === "true"),
});

/** How one server runs. Times in seconds or ms as named, sizes in bytes. */
export interface ServerConfig {
  readonly databaseUrl: string;
  readonly databaseConnections: number;
  readonly blobsDirectory: string;
  /** Where the first start leaves `owner.token` and `runner.token` (0600). */
  readonly secretsDirectory: string;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly roles: readonly z.infer<typeof ServerRole>[];
  readonly logLevel: string;
  /** A lease that hears no beat for so long is given to another runner. */
  readonly leaseSeconds: number;
  readonly maxAttempts: number;
  /** So long a job is left to runners that have its image, while one of them seems free. */
  readonly fetchPatienceSeconds: number;
  readonly maximumLimits: Limits;
  /** All sources of one run or submission together. */
  readonly maxSourceBytes: number;
  /** Data files and stdin of one run together. */
  readonly maxDataBytes: number;
  readonly maxPackageBytes: number;
  /** Of one layer of an image, compressed. */
  readonly maxImageBlobBytes: number;
  /** Of all blobs of images of one organization, published or not. */
  readonly maxImageStorageBytes: number;
  /** How long bytes are kept that nobody needs; longer than any upload takes. */
  readonly blobGraceSeconds: number;
  /** How long images are kept that results name. */
  readonly resultRetentionDays: number;
  /** Whether a new package is checked by running it. Without that, one without time limit gets 2 s. */
  readonly verifyUploads: boolean;
  readonly compatible: CompatibleConfig;
}

/** The APIs that clients of other systems speak; see docs/compatibility.md. */
interface CompatibleConfig {
  readonly apis: readonly z.infer<typeof CompatibleApi>[];
  /** With so many jobs of an organization waiting, they take no more. */
  readonly maxWaitingJobs: number;
  /** Networks that callbacks may go to although they are private. */
  readonly callbackNetworks: readonly string[];
  /** What Piston's clients get, and the most that they may ask for, ms. */
  readonly piston: { readonly runTimeoutMs: number; readonly compileTimeoutMs: number };
  /** Whether Judge0's `base64_encoded` counts as true where it is not given. */
  readonly judge0ImplicitBase64: boolean;
  /** Whether Judge0's submissions can be deleted. */
  readonly judge0AllowDelete: boolean;
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
export function configFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): ServerConfig {
  const parsed = variables.safeParse({
    ...environment,
    ASSAY_DATABASE_URL: environment["ASSAY_DATABASE_URL"] ?? environment["DATABASE_URL"],
  });
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new BadConfiguration(`The configuration is not valid. ${faults.join("; ")}.`);
  }
  const found = parsed.data;
  return {
    databaseUrl: found.ASSAY_DATABASE_URL,
    databaseConnections: found.ASSAY_DATABASE_CONNECTIONS,
    blobsDirectory: found.ASSAY_BLOBS_DIR,
    secretsDirectory: found.ASSAY_SECRETS_DIR,
    host: found.ASSAY_HOST,
    port: found.ASSAY_PORT,
    roles: found.ASSAY_ROLES,
    logLevel: found.ASSAY_LOG_LEVEL,
    leaseSeconds: found.ASSAY_LEASE_SECONDS,
    maxAttempts: found.ASSAY_MAX_ATTEMPTS,
    fetchPatienceSeconds: found.ASSAY_FETCH_PATIENCE_SECONDS,
    maximumLimits: {
      ...maximumLimits,
      cpuMs: found.ASSAY_MAX_CPU_MS,
      wallMs: found.ASSAY_MAX_WALL_MS,
      memoryBytes: found.ASSAY_MAX_MEMORY_BYTES,
      processes: found.ASSAY_MAX_PROCESSES,
      outputBytes: found.ASSAY_MAX_OUTPUT_BYTES,
    },
    maxSourceBytes: found.ASSAY_MAX_SOURCE_BYTES,
    maxDataBytes: found.ASSAY_MAX_DATA_BYTES,
    maxPackageBytes: found.ASSAY_MAX_PACKAGE_BYTES,
    maxImageBlobBytes: found.ASSAY_MAX_IMAGE_BLOB_BYTES,
    maxImageStorageBytes: found.ASSAY_MAX_IMAGE_STORAGE_BYTES,
    blobGraceSeconds: found.ASSAY_BLOB_GRACE_SECONDS,
    resultRetentionDays: found.ASSAY_RESULT_RETENTION_DAYS,
    compatible: {
      apis: found.ASSAY_COMPATIBLE_APIS,
      maxWaitingJobs: found.ASSAY_COMPATIBLE_QUEUE,
      callbackNetworks: found.ASSAY_CALLBACK_NETWORKS,
      piston: {
        runTimeoutMs: found.ASSAY_PISTON_RUN_TIMEOUT_MS,
        compileTimeoutMs: found.ASSAY_PISTON_COMPILE_TIMEOUT_MS,
      },
      judge0ImplicitBase64: found.ASSAY_JUDGE0_IMPLICIT_BASE64,
      judge0AllowDelete: found.ASSAY_JUDGE0_ALLOW_DELETE,
    },
    verifyUploads: found.ASSAY_VERIFY_UPLOADS,
  };
}
