import { chmod, chown, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createClient } from "@assay/client";
import { startEmbeddedPostgres } from "@assay/database";
import { startSandboxd } from "@assay/sandbox";
import { messageOf, platformError } from "../exit.ts";
import { ImageKeeper } from "../keeper/keeper.ts";
import type { Identities, Identity } from "./identity.ts";
import { checkout, type StackPaths } from "./paths.ts";
import { serviceChannel, startService, type Service } from "./service.ts";
import { Supervised, type Supervisable } from "./supervised.ts";

/** What every part of a stack is started with. */
export interface PartContext {
  readonly paths: StackPaths;
  readonly identities: Identities;
  readonly log: (part: string, line: string) => void;
  readonly signal: AbortSignal;
}

interface Database extends Supervisable {
  readonly pid: number;
  readonly url: string;
}

/** It ends by disposal only, never by an interrupt: those above it must be able to finish first. */
export const startDatabase = (context: PartContext): Promise<Supervised<Database>> =>
  supervise("postgres", context, async (_signal, log) => {
    const postgres = await startEmbeddedPostgres({
      dataDirectory: join(context.paths.database, "postgres"),
      user: context.identities.database,
      clients: [context.identities.server.name],
      log,
      signal: new AbortController().signal,
    });
    return {
      pid: postgres.pid,
      url: postgres.url,
      ended: postgres.stopped.then(
        ({ code, signal }) => `postgres ended with ${signal ?? `exit code ${code}`}`,
      ),
      [Symbol.asyncDispose]: () => postgres[Symbol.asyncDispose](),
    };
  });

interface SandboxDaemon extends Supervisable {
  readonly pid: number;
}

/** What a sandbox is started with: less than all parts of a stack. */
export interface SandboxContext extends Pick<PartContext, "log" | "signal"> {
  readonly paths: Pick<StackPaths, "sandboxState" | "sandboxRun">;
  /** Who may connect. */
  readonly identities: { readonly runner: Pick<Identity, "uid"> };
}

export const startSandbox = (
  context: SandboxContext,
  options: { images: string; slots: number },
): Promise<Supervised<SandboxDaemon>> =>
  supervise("sandboxd", context, async (_signal, log) => {
    const sandboxd = await startSandboxd({
      stateDirectory: context.paths.sandboxState,
      runDirectory: context.paths.sandboxRun,
      imagesDirectory: options.images,
      slots: options.slots,
      clientUid: context.identities.runner.uid,
      log,
    });
    return {
      pid: sandboxd.pid,
      ended: sandboxd.stopped,
      [Symbol.asyncDispose]: () => sandboxd[Symbol.asyncDispose](),
    };
  });

/** The server; a restarted one listens where the first one did. */
export const startServer = (
  context: PartContext,
  options: {
    databaseUrl: string;
    host: string;
    port: number;
    compatibleApis?: string;
    verifyUploads: boolean;
  },
): Promise<Supervised<Service>> => {
  let port = options.port;
  return supervise("server", context, async (signal, log) => {
    const service = await startService(
      {
        name: "server",
        identity: context.identities.server,
        entry: join(checkout, "apps/server/src/process.ts"),
        env: {
          ...passedOn(
            "ASSAY_LOG_",
            "ASSAY_LEASE_",
            "ASSAY_MAX_",
            "ASSAY_BLOB_",
            "ASSAY_RESULT_",
            "ASSAY_ROLES",
            "ASSAY_DATABASE_CONNECTIONS",
            "ASSAY_COMPATIBLE_",
            "ASSAY_CALLBACK_",
            "ASSAY_JUDGE0_",
            "ASSAY_PISTON_",
            "ASSAY_VERIFY_UPLOADS",
          ),
          ...(options.compatibleApis === undefined ? {} : { ASSAY_COMPATIBLE_APIS: options.compatibleApis }),
          ...(options.verifyUploads ? {} : { ASSAY_VERIFY_UPLOADS: "false" }),
          DATABASE_URL: options.databaseUrl,
          ASSAY_BLOBS_DIR: context.paths.blobs,
          ASSAY_SECRETS_DIR: context.paths.secrets,
          ASSAY_HOST: options.host,
          ASSAY_PORT: String(port),
        },
        log,
        readyWithinMs: 60_000,
      },
      signal,
    );
    port = Number(new URL(urlOf(service)).port);
    return service;
  });
};

export const urlOf = (server: Service): string => String(server.ready["url"]);

export const startRunner = (
  context: PartContext,
  options: {
    /** Default: the host name, or what the environment says. */
    name?: string;
    serverUrl: string;
    token: string;
    images: string;
    keeper: ImageKeeper;
    buildImages: boolean;
  },
): Promise<Supervised<Service>> =>
  supervise("runner", context, async (signal, log) => {
    await writeSecret(context.paths.runnerToken, options.token, context.identities.runner);
    return startService(
      {
        name: "runner",
        identity: context.identities.runner,
        entry: join(checkout, "apps/runner/src/process.ts"),
        env: {
          ...passedOn("ASSAY_RUNNER_", "ASSAY_RUNSC", "ASSAY_LOG_"),
          ...(options.name === undefined ? {} : { ASSAY_RUNNER_NAME: options.name }),
          ASSAY_SERVER_URL: options.serverUrl,
          ASSAY_RUNNER_TOKEN_FILE: context.paths.runnerToken,
          ASSAY_SANDBOX_DIR: context.paths.sandboxRun,
          ASSAY_IMAGES_DIR: options.images,
          ASSAY_CACHE_DIR: context.paths.runnerCache,
          ASSAY_IMAGE_KEEPER_FD: String(serviceChannel),
          ASSAY_RUNNER_BUILD_IMAGES: String(options.buildImages),
        },
        log,
        readyWithinMs: 120_000,
        channel: (stream) => options.keeper.serve(stream),
      },
      signal,
    );
  });

/** Gets images for a runner of this stack. */
export const startKeeper = (
  context: PartContext,
  options: { serverUrl: string; token: string; images: string; buildImages: boolean },
): AsyncDisposable & ImageKeeper => {
  const { serverUrl: baseUrl, token } = options;
  // It asks for descriptions of images alone, as root.
  const client = createClient({ baseUrl, token, maxAnswerBytes: 1024 * 1024 });
  return new ImageKeeper({
    images: options.images,
    client,
    unpacker: context.identities.unpacker,
    builds: options.buildImages,
    log: (line) => context.log("images", line),
  });
};

/** A runner without sandboxd; `identity` null = as the user that we are. */
export const startWasmRunner = (
  context: Pick<PartContext, "log" | "signal">,
  options: {
    identity: Identity | null;
    serverUrl: string;
    name: string;
    tokenFile: string;
    cache: string;
    slots: number;
  },
): Promise<Supervised<Service>> =>
  supervise("runner", context, (signal, log) =>
    startService(
      {
        name: "runner",
        identity: options.identity,
        entry: join(checkout, "apps/runner/src/process.ts"),
        env: {
          ...passedOn("ASSAY_RUNNER_", "ASSAY_LOG_"),
          ASSAY_RUNNER_NAME: options.name,
          ASSAY_SERVER_URL: options.serverUrl,
          ASSAY_RUNNER_TOKEN_FILE: options.tokenFile,
          ASSAY_RUNNER_WASM: "only",
          ASSAY_RUNNER_SLOTS: String(options.slots),
          ASSAY_CACHE_DIR: options.cache,
        },
        log,
        readyWithinMs: 120_000,
      },
      signal,
    ),
  );

export async function supervise<Part extends Supervisable>(
  name: string,
  context: Pick<PartContext, "log" | "signal">,
  start: (signal: AbortSignal, log: (line: string) => void) => Promise<Part>,
): Promise<Supervised<Part>> {
  const log = (line: string) => context.log(name, line);
  try {
    return await Supervised.start(name, (signal) => start(signal, log), context.signal, log);
  } catch (error) {
    if (context.signal.aborted) throw context.signal.reason;
    throw platformError(messageOf(error), error);
  }
}

async function writeSecret(path: string, content: string, owner: Identity): Promise<void> {
  await writeFile(path, content, { mode: 0o600 });
  await chown(path, owner.uid, owner.gid);
  await chmod(path, 0o600);
}

/** Settings of a part that the user gave in our environment and that we have no opinion about. */
export const passedOn = (...prefixes: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([key, value]) =>
      value !== undefined && prefixes.some((prefix) => key.startsWith(prefix)) ? [[key, value]] : [],
    ),
  );
