import { chmodSync, lstatSync, lutimesSync, readdirSync, rmSync } from "node:fs";
import { glob, mkdir, readdir, realpath, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { ImageError } from "./errors.ts";
import { TreeWriter } from "./tree-writer.ts";

/** Directories that sandboxd mounts over. */
const mountPoints = ["dev", "proc", "tmp", "w"];

/** The few files that C and Python libraries ask for. */
const skeleton: Readonly<Record<string, string>> = {
  "etc/passwd": "root:x:0:0:root:/w:/usr/sbin/nologin\nnobody:x:65534:65534:nobody:/w:/usr/sbin/nologin\n",
  "etc/group": "root:x:0:\nnogroup:x:65534:\n",
  "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
  "etc/hosts": "127.0.0.1 localhost\n::1 localhost\n",
  "etc/hostname": "box\n",
};

/**
 * Removes what the patterns name and writes the files that every image has.
 *
 * @throws ImageError `build_failed` when a pattern leads out of the root through a symbolic link
 */
export const trim = async (root: string, patterns: readonly string[]): Promise<void> => {
  const realRoot = await realpath(root);
  for (const pattern of patterns) {
    const matches: string[] = [];
    for await (const match of glob(pattern, { cwd: realRoot })) matches.push(match);
    for (const match of matches) {
      await removeInside(realRoot, match, `The pattern "${pattern}"`);
    }
  }
  await emptyMountPoints(root);
  // A package may have put a link to anywhere in the place of /etc.
  const writer = new TreeWriter(realRoot);
  for (const [path, content] of Object.entries(skeleton)) writer.wholeFile(path, false, Buffer.from(content));
};

/**
 * Removes a path below the root, if it is there.
 *
 * @throws ImageError `build_failed` when it leads out of the root through a symbolic link
 */
export const removeInside = async (root: string, path: string, what: string): Promise<void> => {
  const realRoot = await realpath(root);
  const place = join(realRoot, path);
  // An absolute link inside the image means the host's directory here: /var/run is one.
  const parent = await realpath(dirname(place)).catch(() => null);
  if (parent === null) return;
  if (parent !== realRoot && !parent.startsWith(`${realRoot}/`))
    throw new ImageError("build_failed", `${what} leads out of the image at ${path}.`);
  await rm(place, { recursive: true, force: true });
};

/** Leaves the mount points there, empty. A program of the image may have put a link to anywhere in their place. */
export const emptyMountPoints = async (root: string): Promise<void> => {
  for (const name of mountPoints) {
    const path = join(root, name);
    const there = lstatSync(path, { throwIfNoEntry: false });
    if (there !== undefined && !there.isDirectory()) await rm(path);
    await mkdir(path, { recursive: true });
    for (const entry of await readdir(path)) await rm(join(path, entry), { recursive: true, force: true });
  }
};

/** Stamps that packages leave in what they generate become this moment, as does every entry's own time. */
export const imageTimeSeconds = 1_686_355_200;

const sliceEntries = 2_000;

/**
 * Brings every entry to one of two modes: 0755 for directories and programs, 0644 for the rest. So
 * nothing is set-uid, nothing but its owner can write, and every box can read. Entries that are neither
 * file, directory nor link are removed. All get one time: what a program sees of its image is the same
 * on every machine.
 */
export const normalize = async (root: string): Promise<void> => {
  const pending = [root];
  const directories: string[] = [];
  let entries = 0;
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const status = lstatSync(path);
    if (status.isDirectory()) {
      chmodSync(path, 0o755);
      directories.push(path);
      for (const name of readdirSync(path)) pending.push(join(path, name));
    } else if (status.isFile()) chmodSync(path, (status.mode & 0o111) === 0 ? 0o644 : 0o755);
    else if (!status.isSymbolicLink()) {
      rmSync(path);
      continue;
    }
    if (!status.isDirectory()) lutimesSync(path, imageTimeSeconds, imageTimeSeconds);
    entries += 1;
    if (entries % sliceEntries === 0) await setImmediate();
  }
  // Last: removing and making entries changes their directory's time.
  for (const path of directories) lutimesSync(path, imageTimeSeconds, imageTimeSeconds);
};
