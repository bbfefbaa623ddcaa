import { spawn } from "node:child_process";
import type { StdioOptions } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { ImageError, systemCode } from "./errors.ts";

export interface ToolResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Which Debian package brings a tool, for the message that it is missing. */
const packageOf: Record<string, string> = {
  "apt-get": "apt",
  "apt-config": "apt",
  "dpkg-deb": "dpkg",
  flock: "util-linux",
  setpriv: "util-linux",
  unshare: "util-linux",
  umount: "mount",
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
 * Runs a short tool to its end and returns what it said.
 *
 * @throws ImageError `tool_missing`; an AbortError when the signal aborts
 */
export const runTool = async (
  argv: readonly [string, ...string[]],
  options: {
    readonly env?: Record<string, string>;
    readonly signal?: AbortSignal | undefined;
    readonly stdio?: StdioOptions;
  } = {},
): Promise<ToolResult> => {
  const child = spawn(argv[0], argv.slice(1), {
    env: options.env ?? toolEnvironment(),
    stdio: options.stdio ?? ["ignore", "pipe", "pipe"],
    ...(options.signal === undefined ? {} : { signal: options.signal, killSignal: "SIGKILL" }),
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  try {
    const [code, stdout, stderr] = await Promise.all([ended, all(child.stdout), all(child.stderr)]);
    return { code, stdout, stderr };
  } catch (error) {
    if (systemCode(error) === "ENOENT") throw toolMissing(argv[0]);
    throw error;
  }
};

const all = (stream: Readable | null): Promise<string> =>
  stream === null ? Promise.resolve("") : text(stream);

/** Calls back per line and returns the last lines (at most 40) when the stream has ended. */
export const readLines = async (stream: Readable, each: (line: string) => void): Promise<string[]> => {
  const last: string[] = [];
  for await (const line of createInterface({ input: stream })) {
    each(line);
    last.push(line);
    if (last.length > 40) last.shift();
  }
  return last;
};
