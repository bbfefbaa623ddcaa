import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProblemDetails } from "@assay/contracts";
import { configFromEnvironment, startServer } from "../main.ts";
import type { RunningServer, ServerConfig } from "../main.ts";

export interface Sent {
  readonly token?: string | null;
  /** Sent as JSON, unless it is bytes or text already. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface Received {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, or null when there is no body. */
  readonly json: unknown;
}

/** A real server on a port of its own, with a client that hides nothing. */
export interface TestServer extends AsyncDisposable {
  readonly running: RunningServer;
  readonly config: ServerConfig;
  readonly owner: string;
  readonly runner: string;
  send(method: string, path: string, sent?: Sent): Promise<Received>;
}

export async function testServer(
  databaseUrl: string,
  overrides: Partial<ServerConfig> = {},
): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), "assay-server-test-"));
  const config = {
    ...configFromEnvironment({
      ASSAY_DATABASE_URL: databaseUrl,
      ASSAY_BLOBS_DIR: join(directory, "blobs"),
      ASSAY_SECRETS_DIR: join(directory, "secrets"),
      ASSAY_PORT: "0",
      ASSAY_LOG_LEVEL: process.env["ASSAY_TEST_LOG_LEVEL"] ?? "silent",
      ASSAY_DATABASE_CONNECTIONS: "6",
      // Jobs that a test did not ask for would come between those that it did.
      ASSAY_VERIFY_UPLOADS: "false",
    }),
    ...overrides,
  };
  const running = await startServer(config, { signal: new AbortController().signal });
  const secret = async (name: string): Promise<string> =>
    (await readFile(join(config.secretsDirectory, name), "utf8").catch(() => "")).trim();
  return {
    running,
    config,
    owner: await secret("owner.token"),
    runner: await secret("runner.token"),
    send: (method, path, sent = {}) => send(running.url, method, path, sent),
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function send(url: string, method: string, path: string, sent: Sent): Promise<Received> {
  const { token, body, headers, signal } = sent;
  const raw = typeof body === "string" || body instanceof Uint8Array;
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined || token === null ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: text === "" ? null : JSON.parse(text) };
}

/** The problem details of an answer, which must be one. */
export function problemOf({ status, headers, json }: Received): ProblemDetails {
  if (headers.get("content-type") !== "application/problem+json")
    throw new Error(`no problem details but ${headers.get("content-type")}: ${JSON.stringify(json)}`);
  const details = ProblemDetails.parse(json);
  if (details.status !== status) throw new Error(`status ${status} with details of ${details.status}`);
  return details;
}
