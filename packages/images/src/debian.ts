import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { pipeline } from "node:stream/promises";
import { ImageError, systemCode } from "./errors.ts";
import { explainFailure } from "./explain-failure.ts";
import { readLines, runTool, toolEnvironment, toolMissing } from "./process.ts";
import { progressParser } from "./progress.ts";
import type { BuildProgress } from "./progress.ts";
import type { Recipe } from "./recipe.ts";
import { formatSources } from "./sources.ts";
import type { Source } from "./sources.ts";
import { watchSpace } from "./space.ts";

/** Where mmdebstrap's hook leaves the list of packages, below the root. */
export const packageListFile = ".assay-packages";

/** Stamps that packages leave in what they generate (ld.so.cache, bytecode) become this moment. */
export const sourceDateEpoch = "1686355200";

export interface UnpackOptions {
  readonly sources: readonly Source[];
  /** Existing directory for mmdebstrap's own files, below the locked directory. */
  readonly temporary: string;
  /** Existing empty directory that becomes the root. */
  readonly root: string;
  /** Inherited by the tools; see BuildLock. */
  readonly lock: number;
  readonly progress: (event: BuildProgress) => void;
  readonly signal: AbortSignal | undefined;
}

const isRoot = (): boolean => process.geteuid?.() === 0;

// The "extract" variant only unpacks: no installation script runs, so what comes out depends on the
// packages alone, and neither dpkg's database nor an init system has to be in the image. These links
// are what the package base-files would have come to after an installation.
const setupHook =
  'mkdir -p "$1/usr/bin" "$1/usr/sbin" "$1/usr/lib" "$1/usr/lib64" && ' +
  'for d in bin sbin lib lib64; do ln -s "usr/$d" "$1/$d"; done';

const listHook =
  `for d in "$1"/var/cache/apt/archives/*.deb; do dpkg-deb --show ` +
  `--showformat='\${Package} \${Version} \${Architecture}\\n' "$d"; done > "$1/${packageListFile}"`;

/**
 * Ends with us, even when we die without a word. As root, all of it lives in its own pid and mount
 * namespaces, so that killing the first process ends every other one and every mount. Without
 * privileges mmdebstrap makes such namespaces itself, and cleans up on SIGTERM.
 */
const keeper = (): string[] =>
  isRoot()
    ? [
        "--pdeathsig",
        "KILL",
        "--",
        "unshare",
        "--mount",
        "--pid",
        "--mount-proc",
        "--fork",
        "--kill-child",
        "--",
      ]
    : ["--pdeathsig", "TERM", "--"];

const commandLine = (recipe: Recipe, proxies: readonly string[]): string[] => [
  ...keeper(),
  "mmdebstrap",
  `--mode=${isRoot() ? "root" : "unshare"}`,
  "--variant=extract",
  "--format=tar",
  "--verbose",
  `--include=${recipe.packages.join(",")}`,
  `--setup-hook=${setupHook}`,
  `--extract-hook=${listHook}`,
  "--aptopt=Acquire::Retries 2",
  "--aptopt=Acquire::http::Timeout 30",
  "--aptopt=Acquire::https::Timeout 30",
  ...proxies.map((line) => `--aptopt=${line}`),
  recipe.suite,
  "-",
  "-",
];

/** mmdebstrap replaces apt's configuration; the way to the network must come along. */
const aptProxies = async (signal: AbortSignal | undefined): Promise<string[]> => {
  const names = ["Acquire::http::Proxy", "Acquire::https::Proxy"];
  const { stdout } = await runTool(["apt-config", "dump", "--format", '%F "%v";%n', ...names], { signal });
  return stdout.split("\n").filter((line) => /^Acquire::https?::Proxy "[^"]+";$/.test(line));
};

/**
 * Resolves the recipe's packages with apt, and unpacks them into `root`, owned by whoever builds,
 * without device nodes.
 *
 * @throws ImageError `tool_missing`, `unreachable`, `disk_full`, `cancelled`, `build_failed`
 */
export const unpackPackages = async (recipe: Recipe, options: UnpackOptions): Promise<void> => {
  const { signal, root, lock } = options;
  const proxies = await aptProxies(signal);
  const env = toolEnvironment({ TMPDIR: options.temporary, SOURCE_DATE_EPOCH: sourceDateEpoch });

  // A process group of its own: without namespaces of ours that is what can be signalled as a whole.
  const builder = spawn("setpriv", commandLine(recipe, proxies), {
    cwd: options.temporary,
    env,
    detached: true,
    stdio: ["pipe", "pipe", "pipe", lock],
  });
  const unpacker = spawn(
    "tar",
    [
      "--extract",
      // Read to the very end: a tar that stops at the end mark while mmdebstrap still pads the archive
      // breaks the pipe, and with it a build that was complete.
      "--ignore-zeros",
      "--read-full-records",
      "--no-same-owner",
      "--no-same-permissions",
      "--exclude=./dev/*",
      `--directory=${root}`,
    ],
    { cwd: options.temporary, env, stdio: ["pipe", "ignore", "pipe", lock] },
  );
  const { stdin, stdout, stderr } = builder;
  if (
    stdin === null ||
    stdout === null ||
    stderr === null ||
    unpacker.stdin === null ||
    unpacker.stderr === null
  )
    throw new ImageError("build_failed", "The tools' standard streams could not be opened.");

  const stop = (): void => {
    if (builder.pid === undefined || builder.exitCode !== null || builder.signalCode !== null) return;
    process.kill(-builder.pid, isRoot() ? "SIGKILL" : "SIGTERM");
  };
  using space = watchSpace(options.temporary, stop);
  unpacker.once("error", stop);
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted === true) stop();

  const parse = progressParser();
  const complaints: string[] = [];
  stdin.on("error", () => undefined).end(formatSources(options.sources));
  // All of them, before any error goes on: a tool that still runs would write where others clean up.
  const [builderEnd, unpackerEnd, builderSaid, unpackerSaid] = await Promise.allSettled([
    exitCode(builder, "setpriv"),
    exitCode(unpacker, "tar"),
    readLines(stderr, (line) => {
      const event = parse(line);
      if (event !== null) options.progress(event);
      if (/^(E: |W: Failed|Err:)/.test(line)) complaints.push(line);
    }),
    readLines(unpacker.stderr, () => undefined),
    // A tool that ends early breaks the pipe; its exit code and its words tell why.
    pipeline(stdout, unpacker.stdin),
  ]);
  signal?.removeEventListener("abort", stop);

  if (signal?.aborted === true) throw cancelled(recipe.name);
  if (space.ranFull())
    throw new ImageError("disk_full", `There is no space left in ${options.temporary} for "${recipe.name}".`);
  for (const end of [builderEnd, unpackerEnd, builderSaid, unpackerSaid])
    if (end.status === "rejected") throw end.reason;
  const unpackerLines = unpackerSaid.status === "fulfilled" ? unpackerSaid.value : [];
  const builderLines = builderSaid.status === "fulfilled" ? builderSaid.value : [];
  // What broke the pipe is the cause, what mmdebstrap says of the broken pipe is not.
  const unpackerCode = unpackerEnd.status === "fulfilled" ? unpackerEnd.value : null;
  if (unpackerCode === null) unpackerLines.push("tar was killed");
  if (unpackerCode !== 0 && unpackerLines.length > 0)
    throw explainFailure(recipe, options.sources, [...unpackerLines, ...complaints]);
  if (builderEnd.status === "fulfilled" && builderEnd.value !== 0)
    throw explainFailure(recipe, options.sources, [...complaints, ...builderLines]);
};

export const cancelled = (name: string): ImageError =>
  new ImageError("cancelled", `The build of the image "${name}" was cancelled.`);

const exitCode = (child: ChildProcess, tool: string): Promise<number | null> =>
  new Promise((resolve, reject) => {
    child.once("error", (error) => reject(systemCode(error) === "ENOENT" ? toolMissing(tool) : error));
    child.once("close", resolve);
  });
