import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { platformError } from "../exit.ts";
import { stackIdentities, type Identity } from "./identity.ts";
import {
  startDatabase,
  startKeeper,
  startRunner,
  startSandbox,
  startServer,
  urlOf,
  type PartContext,
} from "./parts.ts";
import { prepareStackPaths, type StackPaths } from "./paths.ts";

export interface StackOptions {
  readonly data: string;
  readonly images: string;
  /** Boxes at once; null = one per CPU. */
  readonly slots: number | null;
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  /** For example "judge0,piston"; left out = what ASSAY_COMPATIBLE_APIS says. */
  readonly compatibleApis?: string;
  readonly log: (part: string, line: string) => void;
  /** Whether the runner may have images built that are missing and that nobody published. */
  readonly buildImages?: boolean;
  /** False: packages that are uploaded are not verified. */
  readonly verifyUploads?: boolean;
}

export type PartName = "postgres" | "sandboxd" | "server" | "runner";

export interface Stack extends AsyncDisposable {
  readonly url: string;
  readonly ownerToken: string;
  /** True when this start made the organization and its owner's token. */
  readonly isFirstStart: boolean;
  readonly paths: StackPaths;
  /** Process ids of the parts as they are now; null for a part that runs elsewhere. */
  pids(): Readonly<Record<PartName, number | null>>;
}

export function requireRoot(
  what: string,
  why = "for sandboxd and for the separate users of its parts",
): void {
  if (process.getuid?.() === 0) return;
  throw platformError(`${what} needs root, ${why}; use sudo`);
}

/**
 * The whole platform on this machine: PostgreSQL (unless DATABASE_URL names another), sandboxd,
 * server and runner, each under its own user and each started again when it dies.
 */
export async function startStack(options: StackOptions, signal: AbortSignal): Promise<Stack> {
  requireRoot("the stack");
  const identities = await stackIdentities();
  const paths = await prepareStackPaths(options.data, identities);
  const context: PartContext = { paths, identities, log: options.log, signal };
  const externalDatabase = process.env["DATABASE_URL"];

  await using parts = new AsyncDisposableStack();
  const [database, sandbox] = await allOrNone(
    parts,
    externalDatabase === undefined ? startDatabase(context) : Promise.resolve(null),
    startSandbox(context, { images: options.images, slots: options.slots ?? availableParallelism() }),
  );
  const server = parts.use(
    await startServer(context, {
      databaseUrl: externalDatabase ?? database?.current.url ?? "",
      host: options.host,
      port: options.port,
      ...(options.compatibleApis === undefined ? {} : { compatibleApis: options.compatibleApis }),
      verifyUploads: options.verifyUploads ?? true,
    }),
  );
  const url = urlOf(server.current);
  const secret = (name: string) => readFileOf(identities.server, join(paths.secrets, name));
  const forRunner = {
    serverUrl: url,
    token: await secret("runner.token"),
    images: options.images,
    buildImages: options.buildImages ?? false,
  };
  const keeper = parts.use(startKeeper(context, forRunner));
  const runner = parts.use(await startRunner(context, { ...forRunner, keeper }));
  const ownerToken = await secret("owner.token");

  const owned = parts.move();
  return {
    url,
    ownerToken,
    isFirstStart: Boolean(server.current.ready["firstStart"]),
    paths,
    pids: () => ({
      postgres: database?.current.pid ?? null,
      sandboxd: sandbox.current.pid,
      server: server.current.pid,
      runner: runner.current.pid,
    }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Reads in a directory of somebody else: only what is theirs, so that a link can't borrow our rights. */
async function readFileOf(owner: Identity, path: string): Promise<string> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const status = await file.stat();
  if (!status.isFile() || status.uid !== owner.uid)
    throw platformError(`${path} must be a file that belongs to ${owner.name}`);
  return (await file.readFile("utf8")).trim();
}

/** Waits for both, so that one's failure never leaves the other running unowned. */
async function allOrNone<A extends AsyncDisposable | null, B extends AsyncDisposable>(
  owner: AsyncDisposableStack,
  first: Promise<A>,
  second: Promise<B>,
): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([first, second]);
  if (a.status === "fulfilled" && a.value) owner.use(a.value);
  if (b.status === "fulfilled") owner.use(b.value);
  if (a.status === "rejected") throw a.reason;
  if (b.status === "rejected") throw b.reason;
  return [a.value, b.value];
}
