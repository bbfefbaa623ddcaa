import { buffer } from "node:stream/consumers";
import { defaultCompileLimits } from "@assay/contracts";
import { SandboxError, captured } from "@assay/sandbox";
import type { Artifact, BoxFd, BoxFile, RunSpec, Sandbox } from "@assay/sandbox";
import { extract } from "tar-stream";
import { limitsOfBox } from "./box-limits.ts";

/** More files than a program's compiler leaves: each costs a round trip of the file system, each time. */
const maxEntries = 1024;
/** At most what an archive has besides the contents of one entry: headers, a long name, padding. */
const headerBytes = 8192;
/** An archive is filled up to a multiple of this. */
const recordBytes = 10_240;
/** Of each directory that is made on the way to a file. */
const directoryMode = 0o755;
const environment = { PATH: "/usr/local/bin:/usr/bin:/bin" };

export interface ImageBoxes {
  readonly sandbox: Sandbox;
  /** Digest of the image whose basic tools are used. */
  readonly image: string;
}

/** All that a work directory holds: files, and directories that hold none. */
export interface WorkFiles {
  readonly files: readonly BoxFile[];
  readonly emptyDirectories: readonly string[];
}

/**
 * What an artifact holds, from a box in which nothing of the artifact runs: the image's own `tar` reads
 * it. Names and contents are whatever the compiler left, and so is, for who distrusts `tar`, the archive:
 * it is read within bounds, and believed only when it has as much as the sandbox counted.
 *
 * Null when it can't be had, is more than `maxBytes` or too many entries, or is what could not be put back:
 * links, directories of a mode of their own, names that are not UTF-8.
 */
export const readArtifact = async (
  { sandbox, image }: ImageBoxes,
  artifact: Artifact,
  maxBytes: number,
): Promise<WorkFiles | null> => {
  const { id, bytes, entries, skipped } = artifact;
  if (skipped > 0 || bytes > maxBytes || entries > maxEntries) return null;
  const archiveBytes = bytes + (entries + 1) * headerBytes + recordBytes;
  const report = await unlessRefused(
    sandbox.run(
      {
        ...specOf(image, ["tar", "-cf", "-", "."]),
        limits: limitsOfBox(defaultCompileLimits, artifact, []),
        fds: [nothing, { kind: "capture", maxBytes: archiveBytes, onLimit: "stop" }, nothing],
        base: id,
      },
      { signal: null },
    ),
  );
  if (report?.outcome.status !== "exited" || report.outcome.exitCode !== 0) return null;
  const found = await entriesOf(Buffer.from(captured(report, 1)));
  if (found === null || !isWhole(found, artifact)) return null;
  const { files, directories } = found;
  const filled = new Set([...files.map(({ path }) => path), ...directories].map(directoryOf));
  return { files, emptyDirectories: [...directories].filter((path) => !filled.has(path)) };
};

/**
 * An artifact of these and nothing else, made by a box that gets the files and makes the directories. Null
 * when the sandbox does not take them.
 *
 * @throws SandboxError when the machine can't run anything
 */
export const makeArtifact = async (
  { sandbox, image }: ImageBoxes,
  { files, emptyDirectories }: WorkFiles,
  signal: AbortSignal,
): Promise<Artifact | null> => {
  const limits = limitsOfBox(defaultCompileLimits, null, files);
  // `-p`: one may be in another that is there already.
  const argv: RunSpec["argv"] =
    emptyDirectories.length === 0 ? ["true"] : ["mkdir", "-p", "--", ...emptyDirectories];
  const report = await unlessRefused(
    sandbox.run({ ...specOf(image, argv), limits, files, keep: { maxBytes: limits.diskBytes } }, { signal }),
  );
  return report?.artifact ?? null;
};

const nothing: BoxFd = { kind: "null" };

const specOf = (image: string, argv: RunSpec["argv"]) => ({
  image,
  argv,
  env: environment,
  fds: [],
  base: null,
  files: [],
  keep: null,
  collect: null,
  cpus: null,
  cpuRate: null,
  stopAtProcessLimit: true,
});

/** Null for a run that the sandbox refuses. */
const unlessRefused = async <Report>(run: Promise<Report>): Promise<Report | null> => {
  try {
    return await run;
  } catch (error) {
    if (error instanceof SandboxError && !error.blamesMachine) return null;
    throw error;
  }
};

interface Entries {
  readonly files: readonly BoxFile[];
  readonly directories: ReadonlySet<string>;
}

/** Null when the archive can't be read or holds what is neither file nor plain directory. */
const entriesOf = async (archive: Buffer): Promise<Entries | null> => {
  const files: BoxFile[] = [];
  const directories = new Set<string>();
  const reading = extract();
  reading.end(archive);
  try {
    for await (const entry of reading) {
      const { name, type, mode } = entry.header;
      const content = await buffer(entry);
      const path = name.replace(/^\.\//u, "").replace(/\/$/u, "");
      // What could not be decoded is lost.
      if (path.includes("\ufffd")) return null;
      if (type === "file") files.push({ path, mode: mode & 0o777, content });
      else if (type !== "directory") return null;
      else if (path !== "" && path !== ".") {
        if ((mode & 0o777) !== directoryMode) return null;
        directories.add(path);
      }
    }
  } catch {
    return null;
  }
  return { files, directories };
};

/** Whether these are all entries and bytes of the artifact. */
const isWhole = ({ files, directories }: Entries, { bytes, entries }: Artifact): boolean =>
  files.length + directories.size === entries &&
  files.reduce((sum, { content }) => sum + content.byteLength, 0) === bytes;

/** "a/b" of "a/b/c", "" of "a". */
const directoryOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));
