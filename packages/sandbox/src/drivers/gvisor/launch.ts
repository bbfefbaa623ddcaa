import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { SandboxError } from "../../error.ts";

/** For the bundle, gVisor's state, and its log. */
const OWN_BYTES = 16 * 1024 * 1024;

/** How long a machine may need to make namespaces and mounts, ms. */
const MOUNT_MS = 30_000;

/**
 * The first process of a box's namespaces. Everything that the box has lies in two memory file systems
 * that only these namespaces see; when this process ends, the kernel ends all others in them, and the
 * mounts go with the last. It ends when its control channel does: with the run, or with the driver,
 * however the driver dies.
 *
 * Descriptors: 3 says what happened, one line each; 4 brings one line to go on, and its end.
 */
const INIT = `set -eu
read -r pid rest </proc/self/stat
mount -t tmpfs -o "size=$OWN_BYTES,mode=0700" assay "$DIRECTORY"
cd "$DIRECTORY"
mkdir work bundle state
mount -t tmpfs -o "size=$DISK_BYTES,nr_inodes=$DISK_INODES,mode=0700" assay work
mount -t proc proc /proc
mkfifo stdout stderr
echo "mounted $pid" >&3
read -r go <&4
exec 6>"$STDOUT" 7>"$STDERR"
echo "started" >&3
{
  code=0
  prlimit --nproc="$MACHINE_PROCESSES" "$RUNSC" --root "$DIRECTORY/state" --rootless --network=none \\
    --platform=ptrace --ignore-cgroups --host-uds=none --log "$DIRECTORY/log" --log-format=json \\
    run --bundle "$DIRECTORY/bundle" --pid-file "$DIRECTORY/pid" box \\
    <"$STDIN" >&6 2>&7 3>&- 4<&- 6>&- 7>&- || code=$?
  echo "ended $code" >&3
} &
exec 6>&- 7>&-
read -r end <&4
`;

export interface Launch {
  /** Absolute path of gVisor's program. */
  readonly runsc: string;
  /** An existing directory that the box's file systems are mounted over, which nobody else sees. */
  readonly directory: string;
  readonly diskBytes: number;
  readonly diskInodes: number;
  readonly stdinBytes: number | null;
  readonly stdout: "capture" | "null";
  readonly stderr: "capture" | "stdout" | "null";
  /** Processes and threads of the machine that the box and gVisor itself may have. */
  readonly machineProcesses: number;
}

/** The namespaces of one box, before and while gVisor runs in them. */
export class BoxProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #lastWords: string[] = [];
  /** Resolves when every process of the box has ended. */
  readonly ended: Promise<void>;

  constructor(launch: Launch) {
    const enter = [
      "unshare",
      "--user",
      "--map-root-user",
      "--mount",
      "--pid",
      "--net",
      "--ipc",
      "--uts",
      "--fork",
      "--kill-child=KILL",
      "/bin/sh",
      "-c",
      INIT,
    ];
    this.#child = spawn("setpriv", ["--no-new-privs", "--pdeathsig=KILL", ...enter], {
      cwd: "/",
      env: environmentOf(launch),
      stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
    });
    const { stderr } = this.#child;
    const status = this.#child.stdio[3] as NodeJS.ReadableStream;
    this.#lines = createInterface({ input: status })[Symbol.asyncIterator]();
    // A control channel whose reader has gone is known by the process's end.
    this.#child.stdio[4]?.on("error", () => undefined);
    if (stderr !== null)
      createInterface({ input: stderr }).on("line", (line) => {
        if (this.#lastWords.push(line) > 8) this.#lastWords.shift();
      });
    this.ended = new Promise((resolve) => {
      this.#child.once("close", () => resolve());
      this.#child.once("error", (error) => {
        this.#lastWords.push(error.message);
        resolve();
      });
    });
  }

  /** The first process of the box by its number on this machine, once the mounts stand. */
  async mounted(): Promise<number> {
    const timer = setTimeout(() => this.end(), MOUNT_MS);
    try {
      return Number(await this.#expect("mounted"));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Starts gVisor; resolves when the output's pipes are open. */
  async start(): Promise<void> {
    (this.#child.stdio[4] as NodeJS.WritableStream).write("go\n");
    await this.#expect("started");
  }

  /** gVisor's exit code; null when the box was ended before. */
  async exitCode(): Promise<number | null> {
    const { done, value } = await this.#lines.next();
    return done === true ? null : Number(/^ended (\d+)$/.exec(value)?.[1] ?? Number.NaN);
  }

  /** Ends every process of the box; `ended` says when. */
  end(): void {
    (this.#child.stdio[4] as NodeJS.WritableStream | null)?.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.end();
    await this.ended;
  }

  async #expect(word: string): Promise<string> {
    const { done, value } = await this.#lines.next();
    const [first, rest = ""] = done === true ? [] : value.split(" ");
    if (first === word) return rest;
    this.end();
    await this.ended;
    const why = this.#lastWords.join("; ");
    throw new SandboxError("unavailable", `no box could be made for gVisor: ${why || "no reason was given"}`);
  }
}

const environmentOf = (launch: Launch): Record<string, string> => ({
  PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
  LANG: "C.UTF-8",
  RUNSC: launch.runsc,
  DIRECTORY: launch.directory,
  OWN_BYTES: String(OWN_BYTES + (launch.stdinBytes ?? 0)),
  DISK_BYTES: String(launch.diskBytes),
  DISK_INODES: String(launch.diskInodes),
  MACHINE_PROCESSES: String(launch.machineProcesses),
  STDIN: launch.stdinBytes === null ? "/dev/null" : `${launch.directory}/stdin`,
  STDOUT: launch.stdout === "null" ? "/dev/null" : `${launch.directory}/stdout`,
  STDERR: {
    null: "/dev/null",
    stdout: launch.stdout === "null" ? "/dev/null" : `${launch.directory}/stdout`,
    capture: `${launch.directory}/stderr`,
  }[launch.stderr],
});
