import { execute, queryOne } from "@assay/database";
import {
  defaultArchiveLimits,
  formatIssue,
  intakePackage,
  manifestBytes,
  manifestFiles,
  parsePackage,
} from "@assay/judging";
import type { ProblemPackage } from "@assay/judging";
import { z } from "zod";
import type { Caller } from "../access/policy.ts";
import type { Services } from "../services.ts";
import { storableJson, storableText } from "../storable.ts";
import { findPackage, sql } from "./problems.ts";
import type { ProblemLimits, ProblemRow, ProblemSummary } from "./problems.ts";
import { startVerification } from "./verify.ts";

const Inserted = z.object({ id: z.uuid(), created: z.boolean() });

export interface Upload {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly fileName: string | null;
  /** Stands over the name of the archive's top directory. */
  readonly shortName: string | null;
  readonly correlationId: string;
}

/**
 * Takes a problem package in and starts its verification. The same content again under the same short
 * name finds what exists, and makes it the current version of that name.
 *
 * @throws AssayError `package_unreadable`, `package_unsafe`, `package_too_large`, `package_invalid`,
 * `package_unsupported`, each naming the entry, or file and line
 */
export async function uploadProblem(
  services: Services,
  caller: Caller,
  upload: Upload,
): Promise<{ problem: ProblemRow; created: boolean }> {
  const { config, database, blobs, hub } = services;
  const { organizationId, tokenId } = caller;
  const { manifest, digest, shortName } = await intakePackage(upload.bytes, (content) => blobs.put(content), {
    limits: { ...defaultArchiveLimits, archiveBytes: config.maxPackageBytes },
    fileName: upload.fileName,
  });

  const files = manifestFiles(manifest, (blob) =>
    blobs.read(blob, { maxBytes: defaultArchiveLimits.fileBytes }),
  );
  const parsed = await parsePackage(files, { shortName: upload.shortName ?? shortName });
  const manifestFile = manifestBytes(manifest);
  await blobs.put(manifestFile);

  // Not within the transaction: it needs a connection of its own.
  const runners = await services.fleet.picture(organizationId);
  const inserted = await database.transaction(async (tx) => {
    await execute(tx, sql.rememberBlobs, {
      organizationId,
      digests: [digest, ...manifest.files.map(({ sha256 }) => sha256)],
      sizes: [manifestFile.byteLength, ...manifest.files.map(({ size }) => size)],
    });
    const row = await queryOne(tx, Inserted, sql.insertProblem, {
      organizationId,
      shortName: parsed.shortName,
      name: storableText(parsed.name),
      packageDigest: digest,
      manifest: digest,
      formatVersion: parsed.formatVersion,
      limits: JSON.stringify(limitsOf(parsed)),
      summary: storableJson(summaryOf(parsed)),
      createdBy: tokenId,
    });
    const { correlationId } = upload;
    const problem = { id: row.id, manifest: digest, parsed, runners, correlationId };
    return { ...row, queue: await startVerification(tx, services, caller, problem) };
  });
  if (inserted.queue !== null) hub.queueFilled(inserted.queue);
  const content = { shortName: parsed.shortName, packageDigest: digest };
  const problem = await findPackage(database, organizationId, content);
  if (problem === null) throw new Error(`the problem of package ${digest} is gone`);
  return { problem, created: inserted.created };
}

const limitsOf = ({ limits }: ProblemPackage): z.infer<typeof ProblemLimits> => ({
  timeMs: limits.timeMs,
  timeStated: limits.timeStated,
  wallMs: limits.wallMs,
  memoryBytes: limits.memoryBytes,
  outputBytes: limits.outputBytes,
  codeBytes: limits.codeBytes,
});

const summaryOf = ({ tests, languages, warnings }: ProblemPackage): z.infer<typeof ProblemSummary> => ({
  tests: {
    sample: tests.filter(({ sample }) => sample).length,
    secret: tests.filter(({ sample }) => !sample).length,
  },
  languages: languages === "all" ? "all" : [...languages],
  warnings: warnings.map(formatIssue),
});
