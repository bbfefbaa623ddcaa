import { chmod, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { defaultRunLimits } from "@assay/contracts";
import { connectSandbox, standardStreams, startSandboxd } from "@assay/sandbox";
import type { ConnectOptions, RunReport, RunSpec, Sandbox } from "@assay/sandbox";
import { imagesDirectory } from "./setting.ts";

/** A sandboxd of its own with so many slots; everything goes with the stack. */
export async function openSandbox(
  stack: AsyncDisposableStack,
  slots: number,
  pin: ConnectOptions["pin"] = "auto",
): Promise<Sandbox> {
  const directory = await mkdtemp("/tmp/assay-bench-");
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  await chmod(directory, 0o711);
  const runDirectory = join(directory, "run");
  stack.use(
    await startSandboxd({
      stateDirectory: join(directory, "state"),
      runDirectory,
      imagesDirectory,
      slots,
      clientUid: 0,
      log: () => undefined,
    }),
  );
  return stack.use(await connectSandbox({ runDirectory, pin }));
}

/** One program with nothing to read and the usual limits. */
export const plainSpec = (image: string, argv: RunSpec["argv"], stdin = new Uint8Array()): RunSpec => ({
  image,
  argv,
  env: { PATH: "/usr/bin:/bin" },
  limits: defaultRunLimits,
  fds: standardStreams({ stdin, outputBytes: 2 * 1024 * 1024, onOutputLimit: "discard" }),
  base: null,
  files: [],
  keep: null,
  collect: null,
  cpus: null,
  cpuRate: null,
  stopAtProcessLimit: true,
});

/** Runs it; throws unless it exits with 0. */
export async function succeed(sandbox: Sandbox, spec: RunSpec): Promise<RunReport> {
  const report = await sandbox.run(spec, { signal: null });
  const { status, exitCode, message } = report.outcome;
  if (status === "exited" && exitCode === 0) return report;
  throw new Error(`the box ended with ${status} ${exitCode ?? ""} ${message ?? ""}`);
}

/** A C program compiled in a box: a spec that starts from what was kept. */
export async function compiled(sandbox: Sandbox, image: string, source: string): Promise<RunSpec> {
  const compile: RunSpec = {
    ...plainSpec(image, ["gcc", "-O1", "-o", "a", "a.c"]),
    files: [{ path: "a.c", mode: 0o644, content: Buffer.from(source) }],
    keep: { maxBytes: 64 * 1024 * 1024 },
    limits: { ...defaultRunLimits, processes: 32 },
  };
  const { artifact } = await succeed(sandbox, compile);
  return { ...plainSpec(image, ["/w/a"]), base: artifact?.id ?? null };
}
