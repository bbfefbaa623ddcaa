import { closeSync, constants, existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import type { IsolationFeature } from "@assay/contracts";
import { outputCounts } from "../../fd.ts";
import type { RunReport, RunSpec } from "../../spec.ts";
import type { Artifacts } from "../artifacts.ts";
import { Streams } from "../capture.ts";
import type { Capture, PlainStreams } from "../capture.ts";
import { blankOutcome, endingOfShellCode, stopped } from "../outcome.ts";
import type { Ending } from "../outcome.ts";
import { requirePlain, requireStartable } from "../refusal.ts";
import { collectFiles, keepTree } from "../work-reader.ts";
import { layOut, spaceOf } from "../work-tree.ts";
import type { WorkTree } from "../work-tree.ts";
import { ociConfig } from "./config.ts";
import { BoxProcess } from "./launch.ts";
import { Watch } from "./watch.ts";
import type { Measured } from "./watch.ts";
import { WorkDirectory } from "./work-directory.ts";

/** Enough inodes for any tree of small files. */
const BYTES_PER_INODE = 1024;
const MIN_INODES = 1024;
const MAX_INODES = 262_144;

/** gVisor has threads of its own, and several per thread of the program. */
const OWN_PROCESSES = 1024;
const MACHINE_PROCESSES_EACH = 32;

/** What every run of a driver shares. Paths are absolute. */
export interface GvisorSetting {
  /** gVisor's program. */
  readonly runsc: string;
  /** An existing directory that each box mounts its own file systems over, where only it sees them. */
  readonly directory: string;
}

export const gvisorIsolation: readonly IsolationFeature[] = [
  "namespaces",
  "network-namespace",
  "seccomp",
  "no-capabilities",
  "user-namespace",
  "watched",
];

/** @param root the root file system of the run's image */
export async function runInGvisor(
  setting: GvisorSetting & { readonly artifacts: Artifacts },
  root: string,
  spec: RunSpec,
  signal: AbortSignal | null,
): Promise<RunReport> {
  const plain = requirePlain("gvisor", spec);
  requireStartable(spec);
  const tree = layOut(setting.artifacts.get(spec.base), spec.files);
  const beganAt = performance.now();
  await using cleanup = new AsyncDisposableStack();
  const box = cleanup.use(new BoxProcess(launchOf(setting, spec, plain, tree)));
  const pid = await box.mounted();
  const inside = `/proc/${pid}/root${setting.directory}`;
  const work = cleanup.use(new WorkDirectory(join(inside, "work")));
  work.fill(tree);
  const config = ociConfig(spec, { root, work: join(setting.directory, "work") });
  writeFileSync(join(inside, "bundle/config.json"), JSON.stringify(config));
  if (plain.stdin !== null) writeFileSync(join(inside, "stdin"), plain.stdin);

  const watch = new Watch(spec.limits, pid, box, {
    isStarted: () => existsSync(join(inside, "pid")),
    fileBytes: () => work.usedBytes(),
  });
  const streams = new Streams(plain, () => watch.stop("output_limit"));
  const outputs = [
    openOutput(join(inside, "stdout"), streams.stdout),
    openOutput(join(inside, "stderr"), plain.stderr === "same" ? null : streams.stderr),
  ];
  cleanup.defer(() => {
    for (const output of outputs) output.close();
  });
  await box.start();
  const outputsEnd = Promise.all(outputs.map((output) => output.read()));
  const measured = await watch.untilEnd(beganAt, signal);
  const failure = measured.code === 128 ? failureIn(join(inside, "log")) : null;
  await box[Symbol.asyncDispose]();
  await outputsEnd;
  if (failure !== null) streams.clear();
  const ending = endingOf(measured, failure);
  const fds = streams.reports(spec);
  return {
    outcome: {
      ...blankOutcome,
      ...ending,
      memoryCause: ending.status === "memory_limit" ? "peak" : null,
      cpuMs: measured.cpuUserMs + measured.cpuSystemMs,
      cpuUserMs: measured.cpuUserMs,
      cpuSystemMs: measured.cpuSystemMs,
      wallMs: measured.wallMs,
      setupMs: measured.setupMs,
      memoryBytes: measured.memoryBytes,
      processesPeak: measured.processesPeak,
      processLimitHits: ending.status === "process_limit" ? 1 : 0,
      fileBytes: work.usedBytes(),
      ...outputCounts(spec.fds, fds),
      isolation: [...gvisorIsolation],
      driver: "gvisor",
    },
    endedAtMs: null,
    passedEndAtMs: null,
    fds,
    ...setting.artifacts.keep(
      spec,
      spec.keep !== null && ending.exitCode === 0 ? keepTree(work, spec.keep.maxBytes) : null,
    ),
    collected: spec.collect === null ? [] : collectFiles(work, spec.collect),
  };
}

function launchOf(setting: GvisorSetting, spec: RunSpec, plain: PlainStreams, tree: WorkTree) {
  const { diskBytes, processes } = spec.limits;
  return {
    ...setting,
    diskBytes: diskBytes + spaceOf(tree),
    diskInodes:
      Math.min(MAX_INODES, Math.max(MIN_INODES, Math.ceil(diskBytes / BYTES_PER_INODE))) + tree.size,
    stdinBytes: plain.stdin?.byteLength ?? null,
    stdout: plain.stdout === null ? ("null" as const) : ("capture" as const),
    stderr:
      plain.stderr === "same"
        ? ("stdout" as const)
        : plain.stderr === null
          ? ("null" as const)
          : ("capture" as const),
    machineProcesses: OWN_PROCESSES + MACHINE_PROCESSES_EACH * processes,
  };
}

/** The reading end of a box's pipe. It is opened before the box opens its end, and read from then on. */
function openOutput(path: string, capture: Capture | null) {
  let fd = capture === null ? null : openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return {
    read(): Promise<void> {
      if (fd === null) return Promise.resolve();
      const socket = new Socket({ fd, readable: true, writable: false });
      fd = null;
      return new Promise((resolve) => {
        socket.on("data", (chunk: Buffer) => capture?.take(chunk));
        socket.on("error", () => undefined);
        socket.on("close", () => resolve());
      });
    },
    /** Only what was never read from. */
    close(): void {
      if (fd !== null) closeSync(fd);
      fd = null;
    },
  };
}

interface Failure {
  readonly isProgram: boolean;
  readonly message: string;
}

/** What gVisor's log says of a run that it could not do: its last error. */
function failureIn(path: string): Failure | null {
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  const errors = lines.flatMap((line) => {
    const { level, msg } = line === "" ? {} : (JSON.parse(line) as { level?: string; msg?: string });
    return level === "error" && msg !== undefined ? [msg] : [];
  });
  const message = errors.at(-1);
  if (message === undefined) return null;
  const program =
    /(?:creating process: |starting sandbox: )((?:failed to load|error finding executable) .*)/s;
  const reason = program.exec(message)?.[1];
  return { isProgram: reason !== undefined, message: reason ?? message };
}

function endingOf({ reason, code }: Measured, failure: Failure | null): Ending & { message: string | null } {
  if (failure !== null) {
    const status = failure.isProgram ? "start_failed" : "platform";
    return { status, exitCode: null, signal: null, message: failure.message };
  }
  if (reason !== null) {
    const message = reason === "platform" ? "gVisor did not start in time" : null;
    return { ...stopped(reason), message };
  }
  if (code === null)
    return { status: "platform", exitCode: null, signal: null, message: "gVisor's processes were killed" };
  return { ...endingOfShellCode(code), message: null };
}
