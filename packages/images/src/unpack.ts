import { spawn } from "node:child_process";
import { closeSync, createReadStream, writeSync } from "node:fs";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { setImmediate } from "node:timers/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import type { Header } from "tar-stream";
import { ImageError, systemCode } from "./errors.ts";
import { toolEnvironment, toolMissing } from "./process.ts";
import { TreeWriter } from "./tree-writer.ts";

interface Entry extends AsyncIterable<unknown> {
  readonly header: Header;
  resume(): unknown;
}

/** The links that base-files would have come to after an installation. */
export const mergeUsr = (root: string): void => {
  const writer = new TreeWriter(root);
  for (const name of ["bin", "sbin", "lib", "lib64"]) {
    writer.directory(`usr/${name}`);
    writer.symbolicLink(name, `usr/${name}`);
  }
};

/**
 * Unpacks the files of a Debian archive as data: its scripts do not run, devices and owners are left
 * out. Signed packages may link to anywhere; such links are followed inside of the root only.
 *
 * @throws ImageError `build_failed`, `tool_missing`; the signal's reason
 */
export const unpackDebian = async (archive: string, root: string, signal?: AbortSignal): Promise<void> => {
  const child = spawn("dpkg-deb", ["--fsys-tarfile", archive], {
    env: toolEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
    ...(signal === undefined ? {} : { signal, killSignal: "SIGKILL" as const }),
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", (error) => reject(systemCode(error) === "ENOENT" ? toolMissing("dpkg-deb") : error));
    child.once("close", resolve);
  });
  const writer = new TreeWriter(root);
  const [code, said, read] = await Promise.allSettled([
    ended,
    text(child.stderr),
    readTar(child.stdout, signal, async (entry) => {
      const { name, type, mode, linkname } = entry.header;
      if (type === "directory") writer.directory(name);
      else if (type === "file" || type === "contiguous-file")
        await writeContent(writer, name, (mode & 0o111) !== 0, entry);
      else if (type === "symlink") writer.symbolicLink(name, linkname);
      else if (type === "link") writer.hardLink(name, linkname);
      else if (type !== "character-device" && type !== "block-device" && type !== "fifo")
        throw new ImageError("build_failed", `${name} is of the unknown type ${String(type)}`);
    }),
  ]);
  signal?.throwIfAborted();
  if (code.status === "rejected") throw code.reason;
  if (read.status === "rejected" && code.value === null) throw read.reason;
  if (code.value !== 0)
    throw new ImageError(
      "build_failed",
      `dpkg-deb can't read ${archive}: ${said.status === "fulfilled" ? said.value.trim() : ""}`,
    );
  if (read.status === "rejected") throw read.reason;
};

/** More than any package that a recipe names; an archive that holds more is out to fill the disk. */
const most = { entries: 200_000, bytes: 4 * 1024 ** 3 };

/**
 * Unpacks a tarball of the npm registry, whose first directory is left out, below `into`. Only files
 * and directories are taken: nothing else has a place in such a tarball.
 *
 * @throws ImageError `build_failed`; the signal's reason
 */
export const unpackNpm = async (
  archive: string,
  root: string,
  into: string,
  signal?: AbortSignal,
): Promise<void> => {
  const what = `The npm package for /${into}`;
  const writer = new TreeWriter(root);
  let entries = 0;
  let bytes = 0;
  const gunzip = createGunzip();
  const [fed, read] = await Promise.allSettled([
    pipeline(createReadStream(archive), gunzip, { signal }),
    readTar(gunzip, signal, async (entry) => {
      const { name, type, mode, size } = entry.header;
      entries += 1;
      bytes += size;
      if (entries > most.entries || bytes > most.bytes)
        throw new ImageError("build_failed", `${what} holds more than ${most.bytes} bytes`);
      const inner = name.split("/").slice(1).join("/");
      if (inner === "") return;
      if (inner.split("/").includes(".."))
        throw new ImageError("build_failed", `${what} holds an entry named ${JSON.stringify(name)}`);
      if (type === "directory") writer.directory(`${into}/${inner}`);
      else if (type === "file") await writeContent(writer, `${into}/${inner}`, (mode & 0o111) !== 0, entry);
      else throw new ImageError("build_failed", `${what} holds ${JSON.stringify(name)}, a ${type}`);
    }),
  ]);
  signal?.throwIfAborted();
  // What stopped the reader broke the pipe.
  for (const end of [read, fed]) {
    if (end.status === "fulfilled") continue;
    const { reason } = end;
    if (reason instanceof ImageError || ["ENOSPC", "EDQUOT"].includes(systemCode(reason) ?? "")) throw reason;
    throw new ImageError("build_failed", `${what} can't be read: ${String(reason)}`, { cause: reason });
  }
};

/** Entries up to this size are written in one piece. */
const wholeBytes = 1024 * 1024;

const writeContent = async (
  writer: TreeWriter,
  path: string,
  isProgram: boolean,
  entry: Entry,
): Promise<void> => {
  if (entry.header.size <= wholeBytes) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(bytes(chunk));
    writer.wholeFile(path, isProgram, Buffer.concat(chunks));
    return;
  }
  const descriptor = writer.file(path, isProgram);
  try {
    for await (const chunk of entry as AsyncIterable<Buffer>)
      for (let at = 0; at < chunk.length;) at += writeSync(descriptor, chunk, at);
  } finally {
    closeSync(descriptor);
  }
};

const bytes = (chunk: unknown): Buffer => {
  if (Buffer.isBuffer(chunk)) return chunk;
  throw new TypeError("expected bytes");
};

const yieldEvery = 64;

/** Calls back per entry, in order; what the callback leaves unread is passed over. */
const readTar = async (
  stream: Readable,
  signal: AbortSignal | undefined,
  each: (entry: Entry) => Promise<void>,
): Promise<void> => {
  const tar = extract();
  const fed = pipeline(stream, tar);
  let entries = 0;
  try {
    for await (const entry of tar) {
      signal?.throwIfAborted();
      await each(entry);
      entry.resume();
      entries += 1;
      if (entries % yieldEvery === 0) await setImmediate();
    }
    await fed;
  } catch (error) {
    tar.destroy();
    stream.destroy();
    await fed.catch(() => undefined);
    throw error;
  }
};
