import { availableParallelism } from "node:os";
import { defaultRunLimits, isolationLevel } from "@assay/contracts";
import type { SandboxDriver } from "@assay/contracts";
import { standardStreams } from "../fd.ts";
import type { SandboxProbe } from "../probe.ts";
import { findRunsc, whyNoGvisor } from "./gvisor/check.ts";
import { openWasm } from "./wasm/driver.ts";

/** Whether a driver works on this machine for this user. */
export interface DriverCheck {
  readonly driver: SandboxDriver;
  readonly ok: boolean;
  readonly detail: string;
  /** What would make it work, or work better; null when there is nothing to do. */
  readonly mend: string | null;
}

/** Tries each driver, the native one by what `sandboxd --probe` said. */
export async function checkDrivers(native: SandboxProbe): Promise<DriverCheck[]> {
  return [checkNative(native), await checkGvisor(), await checkWasm()];
}

function checkNative({ checks, isolation, cgroupVersion }: SandboxProbe): DriverCheck {
  const missing = checks.filter(({ ok, required }) => required && !ok);
  if (missing.length > 0) {
    const detail = missing.map((check) => `${check.name}: ${check.detail}`).join("; ");
    return { driver: "native", ok: false, detail, mend: missing[0]?.mend ?? null };
  }
  const level = isolationLevel({ driver: "native", isolation: [...isolation] });
  const root = checks.find(({ name }) => name === "root");
  if (level === "namespaces+cgroup+seccomp") {
    return { driver: "native", ok: true, detail: `${level}, control groups v${cgroupVersion}`, mend: null };
  }
  const who = root?.ok === true ? "boxes of root without control groups" : "boxes of an ordinary user";
  const detail = `${level}: ${who}, whose limits are watched`;
  const mend = checks.find(({ name, ok }) => name.startsWith("cgroup.") && !ok)?.mend ?? null;
  return { driver: "native", ok: true, detail, mend };
}

async function checkGvisor(): Promise<DriverCheck> {
  const runsc = findRunsc();
  const reason = await whyNoGvisor(runsc);
  const asWho =
    process.getuid?.() === 0 ? "tried as nobody, since it runs as an ordinary user" : "as this user";
  if (reason === null)
    return {
      driver: "gvisor",
      ok: true,
      detail: `${runsc} made a box, ${asWho}; limits are watched`,
      mend: null,
    };
  const mend =
    runsc === null
      ? "apt-get install runsc, or name it in ASSAY_RUNSC"
      : "it needs user namespaces and a readable /proc of its own (sysctl user.max_user_namespaces; not inside most containers)";
  return { driver: "gvisor", ok: false, detail: reason, mend };
}

async function checkWasm(): Promise<DriverCheck> {
  const does =
    "Python and JavaScript without any kernel's help; a runner offers it when it is told to (ASSAY_RUNNER_WASM)";
  await using sandbox = openWasm({ slots: availableParallelism() });
  try {
    const { outcome } = await sandbox.run(
      {
        image: "wasm:javascript",
        argv: ["js", "-e", "exit(0)"],
        env: {},
        limits: defaultRunLimits,
        fds: standardStreams({ stdin: new Uint8Array(), outputBytes: 0, onOutputLimit: "discard" }),
        base: null,
        files: [],
        keep: null,
        collect: null,
        cpus: null,
        cpuRate: null,
        stopAtProcessLimit: true,
      },
      { signal: null },
    );
    if (outcome.status === "exited" && outcome.exitCode === 0)
      return { driver: "wasm", ok: true, detail: does, mend: null };
    return { driver: "wasm", ok: false, detail: outcome.message ?? outcome.status, mend: null };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return {
      driver: "wasm",
      ok: false,
      detail,
      mend: "use Node 26 or newer, in a checkout with its npm packages that every user may read",
    };
  }
}
