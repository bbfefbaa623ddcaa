import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, mkdtemp, readFile, rename, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const programs = (
  "/bin/sh /bin/cat /bin/cp /bin/dd /bin/echo /bin/false /bin/ln /bin/ls /bin/mkdir /bin/rm /bin/sleep " +
  "/bin/stty /bin/true /usr/bin/env /usr/bin/head /usr/bin/id /usr/bin/mkfifo /usr/bin/tr /usr/bin/wc"
).split(" ");

/**
 * Builds a small image from this machine's own shell and basic tools, with the libraries that they
 * are linked to, and answers its digest (over names and contents).
 */
export async function buildTestImage(imagesDirectory: string): Promise<string> {
  await mkdir(imagesDirectory, { recursive: true });
  const building = await mkdtemp(join(imagesDirectory, "building-"));
  const root = join(building, "root");
  for (const directory of ["dev", "etc", "proc", "tmp", "usr/bin", "usr/lib", "usr/lib64", "w"]) {
    await mkdir(join(root, directory), { recursive: true });
  }
  for (const name of ["bin", "lib", "lib64"]) await symlink(`usr/${name}`, join(root, name));

  const digest = createHash("sha256");
  for (const file of [...programs, ...(await librariesOf(programs))].sort()) {
    const target = join(root, file.startsWith("/usr/") ? file : join("usr", file));
    await mkdir(dirname(target), { recursive: true });
    await copyFile(file, target);
    await chmod(target, 0o755);
    digest.update(`${file}\0`).update(await readFile(target));
  }
  await chmod(building, 0o755);
  const name = digest.digest("hex");
  await rename(building, join(imagesDirectory, name));
  return name;
}

async function librariesOf(files: readonly string[]): Promise<string[]> {
  const { stdout } = await run("ldd", [...files]);
  const libraries = [...stdout.matchAll(/(\/[^\s:]+) \(0x/g)].map((match) => match[1] ?? "");
  return [...new Set(libraries)];
}

/** Compiles a C file to a static program, which runs in any image. */
export async function compileStatic(source: string, output: string): Promise<void> {
  await run("gcc", ["-static", "-O1", "-Wall", "-Wextra", "-Werror", "-o", output, source]);
}
