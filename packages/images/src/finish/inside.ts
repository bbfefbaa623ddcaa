import { constants } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { ImageError } from "../errors.ts";
import { runTool, toolEnvironment } from "../process.ts";
import type { ToolResult } from "../process.ts";
import type { BuildProgress } from "../progress.ts";
import type { Recipe } from "../recipe.ts";
import { emptyMountPoints, imageTimeSeconds, normalize, removeInside } from "../trim.ts";
import { makeCgroups } from "./cgroup.ts";
import type { Cgroups } from "./cgroup.ts";
import { commandInside, stdio } from "./entrance.ts";
import { finishLimits, limitPassed } from "./limits.ts";
import type { FinishLimits, PassedLimit } from "./limits.ts";
import { tasksOf } from "./tasks.ts";
import { TreeWatch } from "../tree-watch.ts";

/** The same bytes come out each time: no time stamps, no random order of sets. */
const env = {
  PATH: "/usr/sbin:/usr/bin",
  HOME: "/tmp",
  LC_ALL: "C.UTF-8",
  TZ: "UTC",
  PYTHONHASHSEED: "0",
  SOURCE_DATE_EPOCH: String(imageTimeSeconds),
};

interface Inside {
  readonly root: string;
  readonly limits: FinishLimits;
  readonly tree: TreeWatch;
  readonly signal: AbortSignal | undefined;
}

const lookEveryMs = 200;

/**
 * Runs a command inside the image until it ends or passes a limit. Nothing that it started runs any more
 * when this resolves or rejects.
 *
 * @param where names the recipe and the command, for people
 * @throws ImageError; the signal's reason
 */
const runInside = async (
  where: string,
  mode: "rw" | "ro",
  argv: readonly string[],
  inside: Inside,
): Promise<ToolResult> => {
  const { root, limits, tree, signal } = inside;
  await using cgroups = await makeCgroups(limits);
  const stop = new AbortController();
  const ended = new AbortController();
  const look = async (pid: number): Promise<PassedLimit | null> =>
    (await cgroups.reached()) ?? uncounted(pid, cgroups, limits) ?? (mode === "rw" ? tree.look() : null);
  const watch = async (pid: number): Promise<void> => {
    try {
      const passed = await untilPassed(limits.seconds, () => look(pid), ended.signal);
      if (passed !== null) stop.abort(limitPassed(where, passed, limits));
    } catch (error) {
      stop.abort(error);
    }
  };
  let watching = Promise.resolve();
  try {
    const result = await runTool(await commandInside(root, mode, argv, limits, cgroups.entrances), {
      env: { ...env, PATH: toolEnvironment()["PATH"] ?? env.PATH },
      stdio: [...stdio],
      signal: signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]),
      started: (pid) => {
        watching = watch(pid);
      },
    });
    // One that ended by itself may have done so because of a limit.
    const passed =
      (await cgroups.reached()) ??
      (isFileTooLarge(result) ? "fileBytes" : mode === "rw" ? await tree.lookAtAll() : null);
    if (passed !== null) throw limitPassed(where, passed, limits);
    return result;
  } finally {
    ended.abort();
    await watching;
  }
};

/** Looks again and again until a limit was passed; null when it ended before. */
const untilPassed = async (
  seconds: number,
  look: () => Promise<PassedLimit | null>,
  ended: AbortSignal,
): Promise<PassedLimit | null> => {
  const latest = performance.now() + seconds * 1000;
  for (;;) {
    const passed = performance.now() > latest ? "seconds" : await look();
    if (passed !== null || ended.aborted) return passed;
    await delay(lookEveryMs, undefined, { signal: ended }).catch(() => undefined);
    if (ended.aborted) return null;
  }
};

/** Where no cgroup counts, /proc does: too late to stop each, but in time to end all. */
const uncounted = (pid: number, { bounds }: Cgroups, limits: FinishLimits): PassedLimit | null => {
  if (bounds.has("processes") && bounds.has("memoryBytes")) return null;
  const { count, memoryBytes } = tasksOf(pid, limits.processes);
  if (count > limits.processes) return "processes";
  return memoryBytes > limits.memoryBytes ? "memoryBytes" : null;
};

const shellAddsToSignal = 128;

const isFileTooLarge = ({ code, killedBy }: ToolResult): boolean =>
  killedBy === "SIGXFSZ" || code === shellAddsToSignal + constants.signals.SIGXFSZ;

/** What finishing leaves that says when and where it ran. */
const traces = ["var/cache/ldconfig", "etc/.pwd.lock"];

export interface FinishOptions {
  readonly progress: (event: BuildProgress) => void;
  readonly signal: AbortSignal | undefined;
  /** Default: `finishLimits`. */
  readonly limits?: FinishLimits;
}

/**
 * Runs the recipe's finishing commands, then its probes on the normalized tree, which they can't write.
 *
 * @throws ImageError `build_failed` with what the command said, or the limit that it passed; `disk_full`
 */
export const finishAndProbe = async (
  root: string,
  recipe: Recipe,
  { progress, signal, limits = finishLimits }: FinishOptions,
): Promise<void> => {
  const total = recipe.finish.length + recipe.probes.length;
  const inside = { root, limits, tree: new TreeWatch(root, limits), signal };
  let done = 0;
  const run = async (mode: "rw" | "ro", argv: readonly string[], stdout: string | null): Promise<void> => {
    const where = `In the image "${recipe.name}", \`${argv.join(" ").slice(0, 200)}\``;
    progress({ phase: "finish", done, total, message: argv[0] ?? "" });
    const result = await runInside(where, mode, argv, inside);
    const problem =
      result.code !== 0
        ? `exited with ${result.code ?? result.killedBy}: ${(result.stderr + result.stdout).trim().slice(-1000)}`
        : stdout !== null && result.stdout !== stdout
          ? `printed ${JSON.stringify(result.stdout.slice(0, 200))} instead of ${JSON.stringify(stdout)}`
          : null;
    if (problem !== null) throw new ImageError("build_failed", `${where} ${problem}`);
    done += 1;
  };
  for (const argv of recipe.finish) {
    await run("rw", argv, null);
    // What one made has its final time for the next: archives of classes remember that of their jars.
    await normalize(root);
  }
  for (const path of traces) await removeInside(root, path, "What a finishing command left");
  await emptyMountPoints(root);
  await normalize(root);
  for (const { argv, stdout } of recipe.probes) await run("ro", argv, stdout);
};
