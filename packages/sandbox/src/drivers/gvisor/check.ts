import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { promisify } from "node:util";

const run = promisify(execFile);

const places = ["/usr/local/bin/runsc", "/usr/bin/runsc", "/bin/runsc"];

/** gVisor's program: what ASSAY_RUNSC names, else where packages put it; null when there is none. */
export function findRunsc(): string | null {
  const named = process.env["ASSAY_RUNSC"];
  return (named === undefined || named === "" ? places : [named]).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** As a box is made, but from this machine's own files, read-only; the program is one that does nothing. */
const TRIAL = `set -eu
mount -t tmpfs -o size=16m,mode=0700 assay /mnt
mount -t proc proc /proc
mkdir /mnt/state
printf %s "$CONFIG" >/mnt/config.json
exec "$RUNSC" --root /mnt/state --rootless --network=none --platform=ptrace --ignore-cgroups \\
  run --bundle /mnt box </dev/null
`;

const config = {
  ociVersion: "1.0.2",
  process: { user: { uid: 0, gid: 0 }, args: ["/bin/true"], env: [], cwd: "/", noNewPrivileges: true },
  root: { path: "/", readonly: true },
  mounts: [],
  linux: { namespaces: ["pid", "network", "ipc", "uts", "mount"].map((type) => ({ type })) },
};

const namespaces = ["--user", "--map-root-user", "--mount", "--pid", "--net", "--ipc", "--uts", "--fork"];

/** The user of nobody, whom every machine has: an ordinary one, which is all that boxes of gVisor need. */
const asNobody = [
  "--reuid=65534",
  "--regid=65534",
  "--clear-groups",
  "--inh-caps=-all",
  "--bounding-set=-all",
];

const TRIAL_MS = 30_000;

/**
 * Why no ordinary user can run a box with gVisor here; null when one can. Root tries it as nobody.
 *
 * @param runsc what `findRunsc` answered
 */
export async function whyNoGvisor(runsc: string | null): Promise<string | null> {
  if (runsc === null) return "gVisor's program runsc is not installed";
  const drop = process.getuid?.() === 0 ? asNobody : [];
  try {
    await run(
      "setpriv",
      [
        ...drop,
        "--no-new-privs",
        "--pdeathsig=KILL",
        "unshare",
        ...namespaces,
        "--kill-child=KILL",
        "/bin/sh",
        "-c",
        TRIAL,
      ],
      {
        cwd: "/",
        env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", RUNSC: runsc, CONFIG: JSON.stringify(config) },
        timeout: TRIAL_MS,
        killSignal: "SIGKILL",
      },
    );
    return null;
  } catch (error) {
    const { stderr, code } = error as { stderr?: string; code?: number | string };
    const lastLine = stderr?.trim().split("\n").at(-1) ?? "";
    return lastLine === "" ? `the trial of ${runsc} ended with ${code ?? "a signal"}` : lastLine;
  }
}
