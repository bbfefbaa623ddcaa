import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import { imageStore } from "@assay/images";
import { openSandbox, plainSpec, succeed } from "../open-sandbox.ts";
import { ms, times, type Row } from "../report.ts";
import { imagesDirectory, nativeBench } from "../setting.ts";
import { distribution, rate, timeEach, type Distribution } from "../statistics.ts";

const samples = 3600;
const rounds = 9;
const program = "/usr/bin/true";
const run = promisify(execFile);

/** A fresh box for /usr/bin/true through the TypeScript API, against its peers in the same run. */
export async function boxRows(): Promise<Row[]> {
  const image = await imageStore(imagesDirectory).resolve("python");
  await using stack = new AsyncDisposableStack();
  const slots = availableParallelism();
  const sandbox = await openSandbox(stack, slots);
  const spec = plainSpec(image.digest, [program]);
  const one = (): Promise<unknown> => succeed(sandbox, spec);

  await timeEach(20, one);
  const { bare, host, box } = await inTurns(one, image.root);
  const fromNode = distribution(await timeEach(100, () => run(program)));
  const bubblewrap = await bubblewrapSpawn([program], image.root);
  const wrappedFromNode = await bubblewrapFromNode(image.root);
  const isolate = await isolateRuns();
  const perSecond = await rate(slots * 2, 5, one);

  const rows: Row[] = [
    {
      what: "fresh box, /usr/bin/true, TypeScript API, p50",
      measured: `${ms(box.p50)} (p95 ${ms(box.p95)}, p99 ${ms(box.p99)})`,
      peer: `bare fork+exec of the same file ${ms(bare.p50)}: ${times(box.p50 / bare.p50)}; of the host's ${ms(host.p50)}: ${times(box.p50 / host.p50)}`,
      budget: "2x bare",
      isMet: box.p50 <= 2 * bare.p50,
    },
    {
      what: `boxes per second, ${slots} slots`,
      measured: perSecond.toFixed(0),
      peer: `bare fork+exec, one after the other: ${(1000 / bare.p50).toFixed(0)}`,
      budget: "700",
      isMet: perSecond >= 700,
    },
    {
      what: "the same program spawned by Node without any box, p50",
      measured: ms(fromNode.p50),
      peer: `our box ${ms(box.p50)}`,
      budget: "",
      isMet: null,
    },
  ];
  if (bubblewrap && wrappedFromNode)
    rows.push(
      {
        what: "bubblewrap (unshare-all, the same image) from Node, as our box is, p50",
        measured: ms(wrappedFromNode.p50),
        peer: `our box is ${times(wrappedFromNode.p50 / box.p50)} as fast`,
        budget: "3x faster",
        isMet: wrappedFromNode.p50 / box.p50 >= 3,
      },
      {
        what: "bubblewrap by fork and exec from C, p50",
        measured: ms(bubblewrap.p50),
        peer: `our box, from Node, is ${times(bubblewrap.p50 / box.p50)} as fast`,
        budget: "",
        isMet: null,
      },
    );
  rows.push({
    what: "isolate (init, run, cleanup), p50",
    measured: isolate ? ms(isolate.p50) : "not installed (give ISOLATE_BIN)",
    peer: isolate ? `our box is ${times(isolate.p50 / box.p50)} as fast` : "",
    budget: "3x faster",
    isMet: isolate ? isolate.p50 / box.p50 >= 3 : null,
  });
  return rows;
}

/**
 * Bare and boxed in turns, because the machine's other work comes and goes: the file of the image, with
 * its libraries, below the image's root as the box has it, and the host's file of that name.
 */
async function inTurns(
  one: () => Promise<unknown>,
  root: string,
): Promise<{ bare: Distribution; host: Distribution; box: Distribution }> {
  const boxed: Distribution[] = [];
  const bare: Distribution[] = [];
  const host: Distribution[] = [];
  for (let round = 0; round < rounds; round++) {
    bare.push(await bareSpawn([program], root));
    boxed.push(distribution(await timeEach(samples / rounds, one)));
    host.push(await bareSpawn([program]));
  }
  return { bare: medianOf(bare), host: medianOf(host), box: medianOf(boxed) };
}

const medianOf = (rounds: readonly Distribution[]): Distribution => {
  const sorted = rounds.toSorted((a, b) => a.p50 - b.p50);
  return sorted[Math.floor(sorted.length / 2)] ?? distribution([]);
};

/** fork, exec and wait from C, so that Node's own spawn is not counted; optionally below another root. */
export async function bareSpawn(
  command: readonly string[],
  root: string | null = null,
): Promise<Distribution> {
  const args = [String(samples / rounds), ...(root === null ? [] : ["--root", root]), ...command];
  const { stdout } = await run(nativeBench("bench-spawn"), args);
  const report = JSON.parse(stdout) as { p50us: number; p95us: number; p99us: number };
  return {
    samples: samples / rounds,
    p50: report.p50us / 1000,
    p95: report.p95us / 1000,
    p99: report.p99us / 1000,
  };
}

const installed = (name: string): boolean => {
  try {
    execFileSync("sh", ["-c", `command -v ${name}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

/** The image read-only, fresh namespaces, tmpfs, /proc and /dev: as comparable as it gets, without limits or a filter. */
const bubblewrapped = (command: readonly string[], root: string): string[] => {
  const box = [
    "--unshare-all",
    "--die-with-parent",
    "--ro-bind",
    root,
    "/",
    "--proc",
    "/proc",
    "--dev",
    "/dev",
  ];
  return ["/usr/bin/bwrap", ...box, "--tmpfs", "/tmp", "--tmpfs", "/w", "--chdir", "/w", ...command];
};

export async function bubblewrapSpawn(
  command: readonly string[],
  root: string,
): Promise<Distribution | null> {
  return installed("bwrap") ? bareSpawn(bubblewrapped(command, root)) : null;
}

async function bubblewrapFromNode(root: string): Promise<Distribution | null> {
  if (!installed("bwrap")) return null;
  const [bwrap = "", ...args] = bubblewrapped([program], root);
  return distribution(await timeEach(200, () => run(bwrap, args)));
}

async function isolateRuns(): Promise<Distribution | null> {
  const isolate = process.env["ISOLATE_BIN"];
  if (!isolate) return null;
  return distribution(
    await timeEach(50, async () => {
      for (const args of [["--init"], ["--run", "--", program], ["--cleanup"]]) {
        const child = spawn(isolate, args, { stdio: "ignore" });
        const [code] = (await once(child, "exit")) as [number | null];
        if (code !== 0) throw new Error(`isolate ${args.join(" ")} ended with ${code}`);
      }
    }),
  );
}
