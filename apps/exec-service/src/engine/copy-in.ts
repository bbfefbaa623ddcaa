import type { BoxFile, BoxLink } from "@assay/sandbox";
import { RequestError } from "../model/request-error.ts";
import type { CmdFile } from "../model/request.ts";
import type { FileError, FileErrorType } from "../model/result.ts";
import type { FileStore } from "../store/file-store.ts";
import type { Sources } from "./sources.ts";
import { workPath } from "./work-path.ts";

/** What one message to sandboxd can carry, with some room for everything else in it. */
const MAX_BYTES = 120 * 1024 * 1024;

const MAX_FILES = 16_384;

const EXECUTABLE = 0o777;
const MAX_TARGET_BYTES = 4095;

/** Where the contents of files come from. */
export interface Contents {
  readonly store: FileStore;
  readonly sources: Sources;
}

/** A file that can't be copied in. What went wrong becomes the command's result. */
class CopyInFailure extends Error {
  readonly type: FileErrorType;

  constructor(type: FileErrorType, message: string) {
    super(message);
    this.type = type;
  }
}

/**
 * The bytes of a file that a request names.
 *
 * @throws RequestError when the request may not, or there is no file of the id; otherwise why it can't be read
 */
export async function contentOf(
  file: CmdFile,
  { store, sources }: Contents,
  maxBytes: number,
): Promise<Buffer> {
  switch (file.kind) {
    case "memory":
      return checkSize(Buffer.from(file.content), maxBytes);
    case "local":
      return sources.read(file.path, maxBytes);
    case "prepared": {
      const found = store.get(file.id);
      if (found === null) throw new RequestError(500, `file not exists with id ${file.id}`);
      await using stored = found;
      if (stored.size > maxBytes) throw tooLarge(stored.size, maxBytes);
      return stored.read();
    }
    case "collector":
    case "symlink":
    case "streamIn":
    case "streamOut":
      throw new RequestError(400, "file is not valid for cmd");
  }
}

/** The files of a work directory, and what went wrong with those that are missing from it. */
export async function copyIn(
  asked: readonly (readonly [string, CmdFile])[],
  contents: Contents,
): Promise<{ files: (BoxFile | BoxLink)[]; errors: FileError[] }> {
  const files: (BoxFile | BoxLink)[] = [];
  const errors: FileError[] = [];
  const tree = new Tree();
  let left = MAX_BYTES;
  if (asked.length > MAX_FILES) throw new RequestError(400, `at most ${MAX_FILES} files can be copied in`);
  for (const [name, file] of asked) {
    try {
      const path = tree.place(name);
      if (file.kind === "symlink") {
        files.push({ path, target: checkTarget(file.target) });
      } else {
        const content = await read(file, contents, left);
        left -= content.byteLength;
        files.push({ path, mode: EXECUTABLE, content });
      }
    } catch (error) {
      if (!(error instanceof CopyInFailure)) throw error;
      errors.push({ name, type: error.type, message: error.message });
    }
  }
  return { files, errors };
}

/** What is in the work directory by now. */
class Tree {
  readonly #files = new Set<string>();
  readonly #directories = new Set<string>();

  /** The path of a new file. */
  place(name: string): string {
    const path = workPath(name);
    if (path === null)
      throw new CopyInFailure(
        "CopyInCreateFile",
        `${name}: no name of a file in /w, the only place for files`,
      );
    if (this.#directories.has(path)) throw new CopyInFailure("CopyInCreateFile", `${path} is a directory`);
    for (let end = path.indexOf("/"); end >= 0; end = path.indexOf("/", end + 1)) {
      const directory = path.slice(0, end);
      if (this.#files.has(directory))
        throw new CopyInFailure("CopyInCreateDir", `${directory} is a file already`);
      this.#directories.add(directory);
    }
    this.#files.add(path);
    return path;
  }
}

function checkTarget(target: string): string {
  const bytes = Buffer.byteLength(target);
  if (bytes < 1 || bytes > MAX_TARGET_BYTES || target.includes("\0") || !target.isWellFormed())
    throw new CopyInFailure("Symlink", "this can't be the target of a symbolic link");
  return target;
}

async function read(file: CmdFile, contents: Contents, maxBytes: number): Promise<Buffer> {
  try {
    return await contentOf(file, contents, maxBytes);
  } catch (error) {
    if (error instanceof RequestError) throw error;
    const type = error instanceof RangeError ? "CopyInCopyContent" : "CopyInOpenFile";
    throw new CopyInFailure(
      type,
      `failed to copyIn ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

const tooLarge = (size: number, maxBytes: number): RangeError =>
  new RangeError(`a file of ${size} bytes where ${maxBytes} can be copied in`);

function checkSize(content: Buffer, maxBytes: number): Buffer {
  if (content.byteLength > maxBytes) throw tooLarge(content.byteLength, maxBytes);
  return content;
}
