import { spawn } from "node:child_process";
import type { StdioOptions } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { Readable } from "node:stream";
import { ImageError, systemCode } from "./errors.ts";

export interface ToolResult {
  readonly code: number | null;
  /** The signal that ended it, when it has no code. */
  readonly killedBy: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Which Debian package brings a tool that builds need. */
const packageOf: Readonly<Record<string, string>> = {
  "apt-get": "apt",
  "apt-config": "apt",
  "dpkg-deb": "dpkg",
  perl: "perl-base",
  prlimit: "util-linux",
  flock: "util-linux",
  setarch: "util-linux",
  setpriv: "util-linux",
  unshare: "util-linux",
  hostname: "hostname",
  mount: "mount",
  umount: "mount",
};

/** Debian packages that have to be installed before images can be built on this machine. */
export const missingPackages = async (): Promise<string[]> => {
  const directories = (process.env["PATH"] ?? "").split(delimiter);
  const missing = new Set<string>();
  for (const [tool, name] of Object.entries(packageOf)) {
    const places = directories.map((directory) => access(join(directory, tool), constants.X_OK));
    await Promise.any(places).catch(() => missing.add(name));
  }
  return [...missing].sort();
};

export const toolMissing = (tool: string): ImageError => {
  const name = packageOf[tool] ?? tool;
  return new ImageError(
    "tool_missing",
    `Building an image needs ${tool}, which is not installed; run: apt-get install ${name}`,
  );
};

/** What the tools get of our own environment: where to find programs and how to reach the network. */
export const toolEnvironment = (extra: Record<string, string> = {}): Record<string, string> => {
  const kept = ["PATH", "HOME", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE"];
  const own = kept.flatMap((name): [string, string][] => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(own), LC_ALL: "C.UTF-8", TZ: "UTC", ...extra };
};

/**
 * Runs a short tool to its end and returns what it said. When the signal aborts, the tool and all that it
 * has started are killed, and none of them runs any more when this throws.
 *
 * @throws ImageError `tool_missing`; the signal's reason
 */
export const runTool = async (
  argv: readonly [string, ...string[]],
  options: {
    readonly env?: Record<string, string>;
    readonly signal?: AbortSignal | undefined;
    readonly stdio?: StdioOptions;
    readonly started?: (pid: number) => void;
  } = {},
): Promise<ToolResult> => {
  const { signal } = options;
  signal?.throwIfAborted();
  // A process group of its own can be killed as a whole.
  const child = spawn(argv[0], argv.slice(1), {
    env: options.env ?? toolEnvironment(),
    stdio: options.stdio ?? ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const kill = (): void => killGroup(child.pid);
  // "close" comes when nobody holds the standard streams any more.
  const ended = new Promise<Pick<ToolResult, "code" | "killedBy">>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, killedBy) => resolve({ code, killedBy }));
  });
  if (child.pid !== undefined) options.started?.(child.pid);
  signal?.addEventListener("abort", kill, { once: true });
  try {
    const [how, stdout, stderr] = await Promise.all([ended, all(child.stdout), all(child.stderr)]);
    signal?.throwIfAborted();
    return { ...how, stdout, stderr };
  } catch (error) {
    kill();
    await ended.catch(() => null);
    if (systemCode(error) === "ENOENT") throw toolMissing(argv[0]);
    throw error;
  } finally {
    signal?.removeEventListener("abort", kill);
  }
};

/** Kills a child that was started with a process group of its own, and what is in that group. */
export const killGroup = (pid: number | undefined): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (systemCode(error) !== "ESRCH") throw error;
  }
};

/** Package lists take a tenth of it; more is out to fill our memory. */
const mostSaid = 64 * 1024 * 1024;

const all = async (stream: Readable | null): Promise<string> => {
  let said = "";
  for await (const text of stream?.setEncoding("utf8") ?? []) {
    said += String(text);
    if (said.length > mostSaid)
      throw new ImageError("build_failed", `A tool says more than ${mostSaid} characters.`);
  }
  return said;
};
