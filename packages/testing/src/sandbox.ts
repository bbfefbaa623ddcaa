import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { defaultRunLimits } from "@assay/contracts";
import { connectSandbox, sandboxdPath, standardStreams, startSandboxd } from "@assay/sandbox";
import type { OnOutputLimit, RunSpec, Sandbox, Sandboxd } from "@assay/sandbox";
import { temporaryDirectory } from "./directory.ts";
import { buildTestImage } from "./image.ts";

const execute = promisify(execFile);

/** `stdin` and `onOutputLimit` are for the usual three descriptors. */
export type SpecChange = Partial<RunSpec> & { stdin?: Uint8Array; onOutputLimit?: OnOutputLimit };

/** A real sandboxd on a state of its own, with one small image. */
export interface TestSandbox {
  readonly sandbox: Sandbox;
  /** Digest of an image with a shell and basic tools. */
  readonly image: string;
  readonly imagesDirectory: string;
  readonly runDirectory: string;
  /** What sandboxd wrote to stderr. */
  readonly log: readonly string[];
  /** The sandboxd that runs now. */
  readonly daemon: Sandboxd;
  /** Starts another sandboxd on the same directories, after the last one has ended. */
  restart(): Promise<void>;
  /** A run of the image with default limits and the usual three descriptors, and nothing else. */
  readonly spec: (argv: readonly [string, ...string[]], change?: SpecChange) => RunSpec;
}

/** `skip` is null, or why there can be no sandbox here; then `get` throws. */
export interface MaybeSandbox extends AsyncDisposable {
  readonly skip: string | null;
  get(): TestSandbox;
}

/**
 * For the top of a test file:
 *
 *     const box = await sandboxOrSkip({ slots: 2 });
 *     afterAll(() => box[Symbol.asyncDispose]());
 *     describe.skipIf(box.skip)(`judging ${box.skip ?? ""}`, () => …
 */
export async function sandboxOrSkip(options: { slots: number }): Promise<MaybeSandbox> {
  const skip = await whyNoSandbox();
  if (skip === null) return startTestSandbox(options.slots);
  return {
    skip,
    get() {
      throw new Error(skip);
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** Null when sandboxd can run here (it is built if it is not, or older than its sources); otherwise the reason. */
export async function whyNoSandbox(): Promise<string | null> {
  if (process.platform !== "linux") return "(skipped: boxes need Linux)";
  if (process.getuid?.() !== 0) return "(skipped: sandboxd needs root)";
  await build(dirname(dirname(sandboxdPath)));
  return null;
}

/** Test files run in parallel: the lock lets one of them build and the others find it built. */
async function build(native: string): Promise<void> {
  await execute("flock", [native, "make", "-C", native, "build/sandboxd"]);
}

async function startTestSandbox(slots: number): Promise<MaybeSandbox> {
  await using resources = new AsyncDisposableStack();
  const directory = resources.use(await temporaryDirectory());
  const imagesDirectory = join(directory.path, "images");
  const stateDirectory = join(directory.path, "state");
  const runDirectory = join(directory.path, "run");
  await mkdir(stateDirectory);
  await mkdir(runDirectory);
  const image = await buildTestImage(imagesDirectory);
  const log: string[] = [];
  const start = (): Promise<Sandboxd> =>
    startSandboxd({
      stateDirectory,
      runDirectory,
      imagesDirectory,
      slots,
      clientUid: process.getuid?.() ?? 0,
      log: (line) => log.push(line),
    });
  let daemon = await start();
  resources.defer(() => daemon[Symbol.asyncDispose]());
  const sandbox = resources.use(await connectSandbox({ runDirectory }));
  const kept = resources.move();
  const testSandbox: TestSandbox = {
    sandbox,
    image,
    imagesDirectory,
    runDirectory,
    log,
    get daemon() {
      return daemon;
    },
    async restart() {
      await daemon.stopped;
      daemon = await start();
    },
    spec: (argv, { stdin = new Uint8Array(), onOutputLimit = "discard", ...change } = {}) => ({
      image,
      argv,
      env: { PATH: "/usr/bin:/bin" },
      limits: defaultRunLimits,
      fds: standardStreams({
        stdin,
        outputBytes: (change.limits ?? defaultRunLimits).outputBytes,
        onOutputLimit,
      }),
      base: null,
      files: [],
      keep: null,
      collect: null,
      cpus: null,
      cpuRate: null,
      stopAtProcessLimit: false,
      ...change,
    }),
  };
  return { skip: null, get: () => testSandbox, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
