import { execFile } from "node:child_process";
import { mkdir, mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { readProgram, type Command, type Language } from "@assay/languages";

const runs = 7;

/** One argument of a shell command, whatever is in it. */
const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

const line = (words: readonly string[]): string => words.map(quoted).join(" ");

const assignments = ({ env }: Command): string[] =>
  Object.entries(env).map(([name, value]) => `${name}=${value}`);

/**
 * How long the hello program takes below the image's root without a box: a copy of the root in memory,
 * its own mount namespace, started by bash. Median of seven runs from fork to exit, ms; null where it fails.
 *
 * The programs are ours. Needs root.
 */
export async function measureBare(
  language: Language,
  root: string,
  signal: AbortSignal,
): Promise<number | null> {
  await using directory = await mkdtempDisposable(join(tmpdir(), "assay-bare-"));
  const files = await readProgram(language, "hello");
  const paths = files.map(({ path }) => path);
  const work = join(directory.path, "w");
  await mkdir(work);
  for (const { path, content } of files) await writeFile(join(work, path), content);
  const compile = language.compile(paths);
  const command = language.run(paths, [], 256 * 1024 * 1024);
  const run = line(command.argv);
  const inside = [
    "cd /w",
    ...(compile === null
      ? []
      : [`${line(["env", "-i", ...assignments(compile), ...compile.argv])} >/dev/null`]),
    `${run} </dev/null >/dev/null`,
    `for i in ${Array.from({ length: runs }, (_, index) => index).join(" ")}; do`,
    `  since=$EPOCHREALTIME; ${run} </dev/null >/dev/null; now=$EPOCHREALTIME`,
    '  echo "$since $now"',
    "done",
  ].join("\n");
  await writeFile(join(directory.path, "inside"), inside);
  const outside = [
    "mount -t tmpfs tmpfs /mnt",
    "mkdir /mnt/upper /mnt/work /mnt/root",
    `mount -t overlay overlay -o lowerdir=${quoted(root)},upperdir=/mnt/upper,workdir=/mnt/work /mnt/root`,
    "mount --rbind /dev /mnt/root/dev",
    "mount -t proc proc /mnt/root/proc",
    "mount -t tmpfs tmpfs /mnt/root/tmp",
    `cp -r ${quoted(work)}/. /mnt/root/w`,
    `cp ${quoted(join(directory.path, "inside"))} /mnt/root/tmp/inside`,
    `exec chroot /mnt/root /usr/bin/env -i ${line(assignments(command))} /usr/bin/bash /tmp/inside`,
  ].join("\n");
  const argv = ["--mount", "--net", "--pid", "--fork", "--kill-child", "--", "sh", "-ec", outside];
  try {
    const { stdout } = await promisify(execFile)("unshare", argv, { signal, timeout: 120_000 });
    const times = stdout
      .trim()
      .split("\n")
      .map((line) => {
        const [since, now] = line.split(" ").map(Number);
        return ((now ?? Number.NaN) - (since ?? Number.NaN)) * 1000;
      })
      .filter(Number.isFinite);
    return times.length === runs ? (times.toSorted((a, b) => a - b)[Math.floor(runs / 2)] ?? null) : null;
  } catch {
    signal.throwIfAborted();
    return null;
  }
}
