import { createWriteStream } from "node:fs";
import { lstat, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve, sep } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AssayError } from "@assay/contracts";
import { defaultArchiveLimits } from "../archive/limits.ts";
import { readArchive } from "../archive/read.ts";
import { comparePaths } from "../package/names.ts";

/** What is converted: the files below one directory, or of one archive. */
export interface Source extends AsyncDisposable {
  /** What messages call it, and what a package is named after when it has no name itself. */
  readonly name: string;
  /** Paths relative to its root, "/" between components, in order. */
  readonly paths: readonly string[];
  has(path: string): boolean;
  /** Bytes. */
  size(path: string): number;
  /** Throws AssayError `package_invalid` when there is no such file. */
  read(path: string): Promise<Uint8Array>;
  /** UTF-8, without a byte order mark. Throws AssayError `package_invalid` when it is none. */
  text(path: string): Promise<string>;
  /** The files of an archive that lies among these files. */
  open(path: string): Promise<Source>;
}

/** What can't be converted, with its file. */
export const refuse = (
  where: string,
  message: string,
  code: "package_invalid" | "package_unsupported" = "package_unsupported",
  line: number | null = null,
): AssayError =>
  new AssayError(code, `${where}${line === null ? "" : `:${line}`}: ${message}`, {
    issues: [{ where, line, message }],
  });

const maxFiles = 50_000;
const maxTextBytes = 16 * 1024 * 1024;
/** What version control and systems put beside the files. */
const ignored = /(?:^|\/)(?:\.git|\.svn|__MACOSX|\.DS_Store|Thumbs\.db)(?:\/|$)/u;

/** Opens a directory, zip or tar.gz. An archive is unpacked into a private directory until disposed. */
export const openSource = async (path: string): Promise<Source> => {
  const status = await stat(path);
  const name = basename(resolve(path)).replace(/\.(?:zip|kpp|tgz|tar\.gz)$/iu, "");
  if (status.isDirectory()) return await directorySource(await realpath(path), name, async () => undefined);
  const directory = await mkdtemp(join(tmpdir(), `assay-convert-${process.pid}-`));
  const remove = async (): Promise<void> => await rm(directory, { recursive: true, force: true });
  try {
    if (status.size > defaultArchiveLimits.archiveBytes)
      throw refuse(name, `is larger than ${defaultArchiveLimits.archiveBytes} bytes`, "package_invalid");
    for await (const entry of readArchive(path)) {
      if (entry.directory || ignored.test(entry.path)) continue;
      const target = join(directory, entry.path);
      await mkdir(dirname(target), { recursive: true });
      await pipeline(
        Readable.from(entry.content(), { objectMode: false }),
        createWriteStream(target, { flags: "wx", mode: 0o600 }),
      );
    }
    return await directorySource(directory, name, remove);
  } catch (error) {
    await remove();
    throw error;
  }
};

const directorySource = async (root: string, name: string, dispose: () => Promise<void>): Promise<Source> => {
  const found = await scan(root);
  // One directory around everything is no part of what is in it.
  const [first = ""] = found.keys();
  const top = `${first.split("/")[0]}/`;
  const around = [...found.keys()].every((path) => path.startsWith(top)) ? top : "";
  const files = new Map([...found].map(([path, file]) => [path.slice(around.length), file]));
  const opened: Source[] = [];
  const fileOf = (path: string): FoundFile => {
    const file = files.get(path);
    if (file === undefined) throw refuse(path, "there is no such file", "package_invalid");
    return file;
  };
  const source: Source = {
    name: around === "" ? name : around.slice(0, -1),
    paths: [...files.keys()].sort(comparePaths),
    has: (path) => files.has(path),
    size: (path) => fileOf(path).size,
    read: async (path) => await readFile(fileOf(path).real),
    text: async (path) => {
      const file = fileOf(path);
      if (file.size > maxTextBytes)
        throw refuse(path, `is larger than ${maxTextBytes} bytes`, "package_invalid");
      try {
        return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file.real));
      } catch {
        throw refuse(path, "is not UTF-8", "package_invalid");
      }
    },
    open: async (path) => {
      const inner = await openSource(fileOf(path).real);
      opened.push(inner);
      return inner;
    },
    [Symbol.asyncDispose]: async () => {
      for (const inner of opened) await inner[Symbol.asyncDispose]();
      await dispose();
    },
  };
  return source;
};

interface FoundFile {
  readonly real: string;
  readonly size: number;
}

const scan = async (root: string): Promise<ReadonlyMap<string, FoundFile>> => {
  const files = new Map<string, FoundFile>();
  const visit = async (relative: string, ancestors: readonly string[]): Promise<void> => {
    const real = await realpath(join(root, relative)).catch(() => {
      throw refuse(relative, "this link leads nowhere", "package_invalid");
    });
    if (real !== root && !real.startsWith(root + sep))
      throw refuse(relative, "this link leaves the directory", "package_invalid");
    if (ancestors.includes(real)) throw refuse(relative, "this link runs in a circle", "package_invalid");
    const status = await lstat(real);
    if (status.isFile()) {
      files.set(relative, { real, size: status.size });
      if (files.size > maxFiles)
        throw refuse(relative, `there are more than ${maxFiles} files`, "package_invalid");
      return;
    }
    if (!status.isDirectory())
      throw refuse(relative, "this is neither a file nor a directory", "package_invalid");
    for (const name of (await readdir(real)).sort()) {
      const path = relative === "" ? name : `${relative}/${name}`;
      if (!ignored.test(path)) await visit(path, [...ancestors, real]);
    }
  };
  await visit("", []);
  return files;
};
