import { execFile } from "node:child_process";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { z } from "zod";
import { debianArchitecture } from "./apt.ts";
import { Downloader, NotThere } from "./download.ts";
import { ImageError } from "./errors.ts";
import { LockedNpmPackage } from "./image-lock.ts";
import type { NpmPackage } from "./recipe.ts";

const PublishedVersion = z.object({
  name: z.string(),
  version: z.string(),
  dist: z.object({ tarball: z.string(), integrity: z.string() }),
});

/** One version of a package takes some kilobytes. */
const mostBytes = 4 * 1024 * 1024;

/** Its name in the registry on this machine. */
const npmName = ({ name }: NpmPackage): string => {
  const architecture = debianArchitecture();
  const found = name[architecture] ?? name.all;
  if (found !== undefined) return found;
  throw new ImageError(
    "build_failed",
    `The recipe names no npm package for ${architecture} beside ${Object.values(name).join(", ")}.`,
  );
};

/**
 * Asks the registry for the tarball and its hash of each package.
 *
 * @throws ImageError `unreachable`, `build_failed`; the signal's reason
 */
export const resolveNpm = async (
  packages: readonly NpmPackage[],
  signal?: AbortSignal,
): Promise<LockedNpmPackage[]> => {
  if (packages.length === 0) return [];
  const registry = await registryAddress();
  using downloader = new Downloader();
  const locked: LockedNpmPackage[] = [];
  for (const one of packages) {
    const name = npmName(one);
    const url = `${registry}/${name.replace("/", "%2f")}/${one.version}`;
    const found = PublishedVersion.safeParse(await fetchJson(downloader, url, name, one.version, signal));
    const entry = LockedNpmPackage.safeParse({ name, version: one.version, ...found.data?.dist });
    if (!entry.success || found.data?.name !== name || found.data.version !== one.version)
      throw new ImageError(
        "build_failed",
        `${url} does not describe ${name}@${one.version} with a sha512 integrity.`,
      );
    locked.push(entry.data);
  }
  return locked;
};

const fetchJson = async (
  downloader: Downloader,
  url: string,
  name: string,
  version: string,
  signal: AbortSignal | undefined,
): Promise<unknown> => {
  try {
    const { body } = await downloader.open(url, signal, "application/json");
    return JSON.parse(await boundedText(body, url));
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof NotThere)
      throw new ImageError(
        "build_failed",
        `The npm registry does not have ${name}@${version} (${error.message}).`,
      );
    if (error instanceof ImageError) throw error;
    throw new ImageError("unreachable", `${url} does not answer with JSON: ${String(error)}`, {
      cause: error,
    });
  }
};

const boundedText = async (body: Readable, url: string): Promise<string> => {
  const parts: Buffer[] = [];
  let size = 0;
  // Leaving the loop ends the connection.
  for await (const part of body as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > mostBytes)
      throw new ImageError("unreachable", `${url} answers with more than ${mostBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
};

/** The one that npm is set to use on this machine, if there is npm; without a slash at its end. */
const registryAddress = async (): Promise<string> => {
  const asked = await promisify(execFile)("npm", ["config", "get", "registry"], { cwd: "/" }).catch(
    () => null,
  );
  const url = URL.parse(asked?.stdout.trim() ?? "");
  const isUsable = url !== null && ["http:", "https:"].includes(url.protocol);
  return (isUsable ? url.href : "https://registry.npmjs.org/").replace(/\/+$/, "");
};
