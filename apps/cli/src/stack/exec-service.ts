import { chmod, mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { removeTree } from "@assay/images";
import { say } from "../output/say.ts";
import { markOwned, removeAbandoned } from "./abandoned.ts";
import { stackIdentities, type Identity } from "./identity.ts";
import { passedOn, supervise, urlOf, type SandboxContext } from "./parts.ts";
import { checkout, prepareStackPaths } from "./paths.ts";
import { startService, type Service } from "./service.ts";
import type { Supervised } from "./supervised.ts";

/** Where the execution service and its sandbox live, and as whom. */
export interface ExecPlace extends AsyncDisposable {
  readonly paths: SandboxContext["paths"];
  readonly identities: SandboxContext["identities"];
  /** Null = the service is the user that we are. */
  readonly identity: Identity | null;
  /** For stored files; the service's own. */
  readonly fileDirectory: string;
}

/**
 * A temporary place, removed with everything in it. Started by root, the service gets a user of its
 * own who holds no other right; started by anyone else, everything is that user's.
 */
export async function temporaryExecPlace(uid: number): Promise<ExecPlace> {
  for (const path of await removeAbandoned("/tmp"))
    say(`assay: removed what an earlier call left when it was killed: ${path}`);
  await using cleanup = new AsyncDisposableStack();
  const directory = await mkdtemp("/tmp/assay-");
  cleanup.defer(() => removeTree(directory));
  await markOwned(directory);
  const place = uid === 0 ? await placeOfRoot(directory) : await placeOfUser(directory, uid);
  const owned = cleanup.move();
  return { ...place, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function placeOfRoot(directory: string): Promise<Omit<ExecPlace, keyof AsyncDisposable>> {
  await chmod(directory, 0o711);
  const identities = await stackIdentities();
  const paths = await prepareStackPaths(join(directory, "data"), identities);
  return { paths, identities, identity: identities.runner, fileDirectory: paths.runnerCache };
}

async function placeOfUser(directory: string, uid: number): Promise<Omit<ExecPlace, keyof AsyncDisposable>> {
  const paths = { sandboxState: join(directory, "state"), sandboxRun: join(directory, "run") };
  const fileDirectory = join(directory, "files");
  for (const path of [paths.sandboxState, paths.sandboxRun, fileDirectory])
    await mkdir(path, { mode: 0o700 });
  return { paths, identities: { runner: { uid } }, identity: null, fileDirectory };
}

/** The execution service; a restarted one listens where the first one did. */
export const startExecService = (
  context: Pick<SandboxContext, "log" | "signal">,
  place: ExecPlace,
  settings: Readonly<Record<string, string>>,
): Promise<Supervised<Service>> => {
  let port = settings["ASSAY_EXEC_PORT"] ?? "0";
  return supervise("exec-service", context, async (signal, log) => {
    const service = await startService(
      {
        name: "exec-service",
        identity: place.identity,
        entry: join(checkout, "apps/exec-service/src/process.ts"),
        env: {
          ...passedOn("ASSAY_LOG_"),
          ASSAY_EXEC_FILE_DIR: place.fileDirectory,
          ...settings,
          ASSAY_SANDBOX_DIR: place.paths.sandboxRun,
          ASSAY_EXEC_PORT: port,
        },
        log,
        readyWithinMs: 60_000,
      },
      signal,
    );
    port = new URL(urlOf(service)).port;
    return service;
  });
};
