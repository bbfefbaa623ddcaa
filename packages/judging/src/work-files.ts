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
  /** Digest of the image whose `tar` and `true` are used. */
  readonly image: string;
}

/**
 * The files of an artifact, from a box in which nothing of the artifact runs: the image's own `tar` reads
 * it. Names and contents are whatever the compiler left, and so is, for who distrusts `tar`, the archive:
 * it is read within bounds, and believed only when it has as much as the sandbox counted.
 *
 * Null when they can't be had, are more than `maxBytes` or too many, or when files alone don't say what is
 * there: links, empty directories and directories of a mode of their own, names that are not UTF-8.
 */
export const readArtifact = async (
  { sandbox, image }: ImageBoxes,
  artifact: Artifact,
  maxBytes: number,
): Promise<readonly BoxFile[] | null> => {
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
  return found !== null && isWhole(found, artifact) ? found.files : null;
};

/**
 * An artifact of these files and nothing else, made by a box that gets them and does nothing. Null when the
 * sandbox does not take them.
 *
 * @throws SandboxError when the machine can't run anything
 */
export const makeArtifact = async (
  { sandbox, image }: ImageBoxes,
  files: readonly BoxFile[],
  signal: AbortSignal,
): Promise<Artifact | null> => {
  const limits = limitsOfBox(defaultCompileLimits, null, files);
  const report = await unlessRefused(
    sandbox.run(
      { ...specOf(image, ["true"]), limits, files, keep: { maxBytes: limits.diskBytes } },
      { signal },
    ),
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
  readonly files: BoxFile[];
  readonly directories: Set<string>;
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

/** Whether these are all entries and bytes of the artifact, each directory for the sake of a file. */
const isWhole = ({ files, directories }: Entries, { bytes, entries }: Artifact): boolean => {
  const needed = new Set(files.flatMap(({ path }) => directoriesOf(path)));
  return (
    files.length + directories.size === entries &&
    files.reduce((sum, { content }) => sum + content.byteLength, 0) === bytes &&
    needed.size === directories.size &&
    needed.values().every((path) => directories.has(path))
  );
};

/** "a", "a/b" of "a/b/c". */
const directoriesOf = (path: string): string[] =>
  path
    .split("/")
    .slice(0, -1)
    .map((_, index, names) => names.slice(0, index + 1).join("/"));
