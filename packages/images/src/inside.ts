import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { sourceDateEpoch } from "./debian.ts";
import { ImageError } from "./errors.ts";
import { runTool } from "./process.ts";
import type { BuildProgress } from "./progress.ts";
import type { Recipe } from "./recipe.ts";
import { emptyMountPoints } from "./trim.ts";

/** The same bytes come out each time: no time stamps, no random order of sets. */
const env = {
  PATH: "/usr/sbin:/usr/bin",
  HOME: "/tmp",
  LC_ALL: "C.UTF-8",
  PYTHONHASHSEED: "0",
  SOURCE_DATE_EPOCH: sourceDateEpoch,
};

/** Runs a command inside the image: its own root, no network, no process outlives it. */
const runInside = (
  root: string,
  argv: readonly string[],
  signal: AbortSignal | undefined,
): ReturnType<typeof runTool> => {
  const privileges = process.geteuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  const isolation = [...privileges, "--net", "--ipc", "--pid", "--fork", "--kill-child"];
  return runTool(["unshare", ...isolation, `--root=${root}`, "--wd=/", "--", ...argv], { env, signal });
};

/**
 * Runs the recipe's finishing commands, then its probes, and leaves the mount points empty.
 *
 * @throws ImageError `build_failed` with what the command said
 */
export const finishAndProbe = async (
  root: string,
  recipe: Recipe,
  options: { readonly progress: (event: BuildProgress) => void; readonly signal: AbortSignal | undefined },
): Promise<void> => {
  const total = recipe.finish.length + recipe.probes.length;
  let done = 0;
  const run = async (argv: readonly string[], stdout: string | null): Promise<void> => {
    const words = argv.join(" ");
    options.progress({ phase: "finish", done, total, message: argv[0] ?? "" });
    const result = await runInside(root, argv, options.signal);
    const problem =
      result.code !== 0
        ? `exited with ${result.code ?? "a signal"}: ${(result.stderr + result.stdout).trim().slice(-1000)}`
        : stdout !== null && result.stdout !== stdout
          ? `printed ${JSON.stringify(result.stdout.slice(0, 200))} instead of ${JSON.stringify(stdout)}`
          : null;
    if (problem !== null)
      throw new ImageError(
        "build_failed",
        `In the image "${recipe.name}", \`${words.slice(0, 200)}\` ${problem}`,
      );
    done += 1;
  };
  for (const argv of recipe.finish) await run(argv, null);
  await chmod(join(root, "tmp"), 0o1777);
  for (const { argv, stdout } of recipe.probes) await run(argv, stdout);
  await emptyMountPoints(root);
  await chmod(join(root, "tmp"), 0o755);
};
