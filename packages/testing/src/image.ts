import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, rename, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { imageOwner, readTree } from "@assay/images";
import type { ImageManifest } from "@assay/images";

const run = promisify(execFile);

const programs = (
  "/bin/sh /bin/cat /bin/chmod /bin/cp /bin/dd /bin/echo /bin/false /bin/ln /bin/ls /bin/mkdir /bin/rm " +
  "/bin/sleep /bin/stty /bin/tar /bin/true /usr/bin/env /usr/bin/head /usr/bin/id /usr/bin/mkfifo /usr/bin/tr /usr/bin/wc"
).split(" ");

/**
 * Builds a small image from this machine's own shell and basic tools, with the libraries that they
 * are linked to, as the image `tiny`, and answers its digest.
 */
export async function buildTestImage(imagesDirectory: string): Promise<string> {
  await mkdir(imagesDirectory, { recursive: true });
  const building = await mkdtemp(join(imagesDirectory, "building-"));
  const root = join(building, "root");
  for (const directory of ["dev", "etc", "proc", "tmp", "usr/bin", "usr/lib", "usr/lib64", "w"]) {
    await mkdir(join(root, directory), { recursive: true });
  }
  for (const name of ["bin", "lib", "lib64"]) await symlink(`usr/${name}`, join(root, name));

  for (const file of [...programs, ...(await librariesOf(programs))].sort()) {
    const target = join(root, file.startsWith("/usr/") ? file : join("usr", file));
    await mkdir(dirname(target), { recursive: true });
    await copyFile(file, target);
    await chmod(target, 0o755);
  }
  await chmod(building, 0o755);
  const tree = await readTree(root, { owner: imageOwner(imagesDirectory, root) });
  const manifest: ImageManifest = {
    name: "tiny",
    digest: tree.digest,
    recipe: null,
    lock: null,
    from: null,
    suite: null,
    architecture: "all",
    packages: [],
    sizeBytes: tree.sizeBytes,
    entries: tree.text.split("\n").length - 2,
    created: new Date(0).toISOString(),
  };
  await writeFile(join(building, "tree"), tree.text);
  await writeFile(join(building, "image.json"), JSON.stringify(manifest));
  await rename(building, join(imagesDirectory, tree.digest));
  await mkdir(join(imagesDirectory, "names"), { recursive: true });
  await writeFile(join(imagesDirectory, "names", "tiny"), `${tree.digest}\n`);
  return tree.digest;
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
