import { chmod, mkdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { acquireLock } from "./build-lock.ts";
import { ImageError } from "./errors.ts";
import { explainFailure } from "./explain-failure.ts";
import { LockedPackage } from "./image-lock.ts";
import type { Layout } from "./layout.ts";
import { runTool, toolEnvironment } from "./process.ts";
import { formatSources, sourcesDigest } from "./sources.ts";
import type { Source } from "./sources.ts";
import { watchSpace } from "./space.ts";

export interface ResolveOptions {
  readonly places: Layout;
  readonly sources: readonly Source[];
  readonly signal?: AbortSignal | undefined;
  /** Called when the mirror's package lists have to be read. */
  readonly onIndex: () => void;
}

interface Wanted {
  readonly name: string;
  readonly suite: string;
  readonly packages: readonly string[];
}

/** Package lists that were read this long ago are good enough: recipes are built one after the other. */
const indexFreshMs = 10 * 60_000;
/** For as long as another build may need to read the lists that both want. */
const indexWaitSeconds = 180;

/** Debian's name of the architecture that this process runs on. */
export const debianArchitecture = (): "amd64" | "arm64" => {
  if (process.arch === "x64") return "amd64";
  if (process.arch === "arm64") return "arm64";
  throw new ImageError("build_failed", `Images can be built on amd64 and arm64, not on ${process.arch}.`);
};

/**
 * Asks apt which archives the wanted packages come to on a machine that has none, without what they
 * recommend, in the order of their names. apt works in a directory of its own and takes nothing from
 * the host's configuration but the way to the network; it checks the signatures.
 *
 * @throws ImageError `tool_missing`, `unreachable`, `disk_full`, `build_failed`; the signal's reason
 */
export const resolvePackages = async (wanted: Wanted, options: ResolveOptions): Promise<LockedPackage[]> => {
  if (wanted.packages.length === 0) return [];
  const { places, sources, signal } = options;
  const architecture = debianArchitecture();
  const directory = indexOf(places, wanted.suite, sources);
  await using _ = await acquireLock(`${directory}.lock`, wanted.name, indexWaitSeconds, signal);
  const proxies = await aptProxies(signal);
  const apt = async (...argv: string[]): Promise<string> => {
    const full = new AbortController();
    // apt-get waits for ever when it can't write, so that nobody else would say so.
    using space = watchSpace(directory, () => full.abort());
    const command = ["apt-get", ...settings(directory, architecture), ...proxies, ...argv];
    const either = AbortSignal.any([full.signal, ...(signal === undefined ? [] : [signal])]);
    const result = await runTool(["setpriv", "--pdeathsig", "KILL", "--", ...command], {
      env: toolEnvironment(),
      signal: either,
    }).catch((error: unknown) => {
      signal?.throwIfAborted();
      if (!space.ranFull()) throw error;
      throw new ImageError("disk_full", `There is no space left in ${directory} for "${wanted.name}".`);
    });
    if (result.code === 0) return result.stdout;
    throw explainFailure(wanted, sources, (result.stderr + result.stdout).split("\n"));
  };

  if (!(await isFresh(directory))) {
    options.onIndex();
    try {
      await rm(directory, { recursive: true, force: true });
      for (const path of ["", "lists/partial", "cache/archives/partial"]) {
        await mkdir(join(directory, path), { recursive: true });
      }
      // apt reads the network as a user of its own, who must get here.
      for (const path of [places.indexes, directory]) await chmod(path, 0o755);
      await writeFile(join(directory, "status"), "");
      await writeFile(join(directory, "list.sources"), formatSources(sources));
      await apt("update");
      await writeFile(join(directory, stamp), "");
    } catch (error) {
      await rm(directory, { recursive: true, force: true });
      throw error;
    }
  }
  const printing = ["install", "--print-uris", "-qq", "--yes", "-o", "Acquire::ForceHash=sha256", "--"];
  return parseUris(await apt(...printing, ...wanted.packages.toSorted()));
};

const stamp = "updated";

const indexOf = (places: Layout, suite: string, sources: readonly Source[]): string =>
  places.index(`${suite}-${sourcesDigest([debianArchitecture(), formatSources(sources)])}`);

/** What the lists name is gone: the next resolution reads them again. */
export const expireIndex = async (
  places: Layout,
  suite: string,
  sources: readonly Source[],
): Promise<void> => {
  await rm(join(indexOf(places, suite, sources), stamp), { force: true });
};

const isFresh = async (directory: string): Promise<boolean> => {
  const updated = await stat(join(directory, stamp)).catch(() => null);
  const age = Date.now() - (updated?.mtimeMs ?? -Infinity);
  return age >= 0 && age < indexFreshMs;
};

const settings = (directory: string, architecture: string): string[] =>
  [
    `Dir::State=${directory}`,
    `Dir::State::status=${join(directory, "status")}`,
    `Dir::Cache=${join(directory, "cache")}`,
    `Dir::Etc::sourcelist=${join(directory, "list.sources")}`,
    ...["sourceparts", "main", "parts", "preferences", "preferencesparts"].map(
      (name) => `Dir::Etc::${name}=/dev/null`,
    ),
    `APT::Architecture=${architecture}`,
    `APT::Architectures=${architecture}`,
    "APT::Install-Recommends=false",
    // A mirror that does not answer is no reason to go on with nothing.
    "APT::Update::Error-Mode=any",
    "Acquire::Languages=none",
    "Acquire::Retries=2",
    "Acquire::http::Timeout=30",
    "Acquire::https::Timeout=30",
  ].flatMap((setting) => ["-o", setting]);

/** The host's way to the network, as options. */
const aptProxies = async (signal: AbortSignal | undefined): Promise<string[]> =>
  Object.entries(await hostProxies(signal)).flatMap(([scheme, proxy]) =>
    proxy === undefined ? [] : ["-o", `Acquire::${scheme}::Proxy=${proxy}`],
  );

/** The proxies that the host's apt is set to use. */
export const hostProxies = async (
  signal: AbortSignal | undefined,
): Promise<{ readonly http?: string; readonly https?: string }> => {
  const names = ["Acquire::http::Proxy", "Acquire::https::Proxy"];
  const { stdout } = await runTool(["apt-config", "dump", "--format", "%F %v%n", ...names], { signal });
  const found = stdout.split("\n").flatMap((line): [string, string][] => {
    const [, scheme, proxy] = /^Acquire::(https?)::Proxy (\S+)$/.exec(line) ?? [];
    return scheme === undefined || proxy === undefined || proxy === "DIRECT" ? [] : [[scheme, proxy]];
  });
  return Object.fromEntries(found);
};

/** What `apt-get --print-uris` prints: `'URI' name_version_architecture.deb size SHA256:hash` per line. */
export const parseUris = (text: string): LockedPackage[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [, uri, file, size, sha256] = /^'([^']+)' (\S+)\.deb (\d+) SHA256:(\S+)$/.exec(line) ?? [];
      const [name, version, architecture] = (file ?? "").split("_").map((word) => decodeURIComponent(word));
      const path = /\/(pool\/[^?#]+)$/.exec(uri ?? "")?.[1];
      const entry = LockedPackage.safeParse({
        name,
        version,
        architecture,
        size: Number(size),
        sha256,
        path,
      });
      if (entry.success) return entry.data;
      throw new ImageError("build_failed", `apt named an archive that can't be understood: ${line}`);
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
