import { createHash, hash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync, readlinkSync } from "node:fs";
import { ImageError } from "../../errors.ts";
import { imageTimeSeconds } from "../../trim.ts";
import type { LayerDifference } from "../../layers.ts";
import type { TreeEntry } from "../../tree-entries.ts";
import { show } from "../bad.ts";
import { whiteoutPrefix } from "../unpack/whiteout.ts";
import { blockBytes, encodeHeader, linkRoom, maxPlainSize, placeName } from "./header.ts";
import { encodePax } from "./pax.ts";

const mtime = imageTimeSeconds;
const chunkBytes = 256 * 1024;

/**
 * A layer as a tar archive that depends on the two trees alone: the same bytes on every machine. What a
 * layer takes away stands in it as a whiteout per name; an opaque directory would say the same.
 *
 * @throws ImageError `damaged` when a file below `root` is not what the tree says
 */
export async function* layerTar({ added, removed }: LayerDifference, root: string): AsyncGenerator<Buffer> {
  const items = new Map<string, TreeEntry | null>();
  const add = (path: string, entry: TreeEntry | null): void => {
    for (let cut = path.indexOf("/"); cut !== -1; cut = path.indexOf("/", cut + 1)) {
      const parent = path.slice(0, cut);
      if (!items.has(parent)) items.set(parent, directory(parent));
    }
    items.set(path, entry);
  };
  for (const entry of added) if (entry.path !== ".") add(checked(entry.path), entry);
  for (const path of removed) add(whiteoutOf(checked(path)), null);

  const rootName = Buffer.from(root).toString("latin1");
  for (const path of [...items.keys()].sort(byBytes)) {
    const entry = items.get(path) ?? null;
    const absolute = Buffer.from(`${rootName}/${path}`, "latin1");
    if (entry === null) yield headers({ name: path, flag: "0", mode: 0o644, size: 0, link: "" });
    else if (entry.type === "d")
      yield headers({ name: `${path}/`, flag: "5", mode: entry.mode, size: 0, link: "" });
    else if (entry.type === "l") {
      const target = readlinkSync(absolute, { encoding: "buffer" });
      if (hash("sha256", target) !== entry.content) throw changed(entry);
      const link = target.toString("latin1");
      yield headers({ name: path, flag: "2", mode: entry.mode, size: 0, link });
    } else if (entry.type === "f") {
      yield headers({ name: path, flag: "0", mode: entry.mode, size: entry.size, link: "" });
      yield* content(absolute, entry);
    } else
      throw new ImageError(
        "damaged",
        `${show(path)} is a device, a pipe or a socket; build the image again.`,
      );
  }
  yield Buffer.alloc(2 * blockBytes);
}

const directory = (path: string): TreeEntry => ({
  type: "d",
  mode: 0o755,
  uid: 0,
  gid: 0,
  size: 0,
  content: "-",
  path,
});

const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const whiteoutOf = (path: string): string => {
  const cut = path.lastIndexOf("/") + 1;
  return `${path.slice(0, cut)}${whiteoutPrefix}${path.slice(cut)}`;
};

/** Such a name would take another file away wherever the layer is unpacked. */
const checked = (path: string): string => {
  if (`/${path}`.includes(`/${whiteoutPrefix}`))
    throw new ImageError(
      "build_failed",
      `${show(path)} has the name of a whiteout, which no layer can hold; remove it from the image.`,
    );
  return path;
};

interface Item {
  readonly name: string;
  readonly flag: string;
  readonly mode: number;
  readonly size: number;
  readonly link: string;
}

const headers = (item: Item): Buffer => {
  const records: [string, string][] = [];
  if (placeName(item.name) === null) records.push(["path", item.name]);
  if (item.link.length > linkRoom) records.push(["linkpath", item.link]);
  if (item.size > maxPlainSize) records.push(["size", String(item.size)]);
  if (records.length === 0) return encodeHeader({ ...item, mtime });
  const body = encodePax(records);
  const isLong = new Set(records.map(([key]) => key));
  return Buffer.concat([
    encodeHeader({ name: "pax", flag: "x", mode: 0o644, size: body.length, link: "", mtime }),
    body,
    padding(body.length),
    encodeHeader({
      ...item,
      name: isLong.has("path") ? "pax" : item.name,
      link: isLong.has("linkpath") ? "pax" : item.link,
      size: isLong.has("size") ? 0 : item.size,
      mtime,
    }),
  ]);
};

const padding = (size: number): Buffer => Buffer.alloc((blockBytes - (size % blockBytes)) % blockBytes);

async function* content(path: Buffer, entry: TreeEntry): AsyncGenerator<Buffer> {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!fstatSync(descriptor).isFile() || fstatSync(descriptor).size !== entry.size) throw changed(entry);
    const sum = createHash("sha256");
    let left = entry.size;
    while (left > 0) {
      const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, left));
      const length = readSync(descriptor, chunk, 0, chunk.length, null);
      if (length === 0) throw changed(entry);
      left -= length;
      sum.update(chunk.subarray(0, length));
      yield chunk.subarray(0, length);
    }
    if (sum.digest("hex") !== entry.content) throw changed(entry);
    yield padding(entry.size);
  } finally {
    closeSync(descriptor);
  }
}

const changed = ({ path }: TreeEntry): ImageError =>
  new ImageError("damaged", `${show(path)} is not what was built; build the image again.`);
