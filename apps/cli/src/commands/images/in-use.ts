import { access } from "node:fs/promises";
import { join } from "node:path";
import { routes } from "@assay/contracts";
import { connect } from "../../connection.ts";
import { messageOf, platformError } from "../../exit.ts";
import { defaultDataDirectory } from "../../stack/paths.ts";

/**
 * Digests of the images that results of the retention period name; those that jobs wait for have a name
 * here. None where no server is configured and none was ever run.
 *
 * @throws CommandFailure when there is a server that can't be asked
 */
export async function imagesInUse(signal: AbortSignal): Promise<ReadonlySet<string>> {
  try {
    await using connection = await connect(signal);
    const { digests } = await connection.client.call(routes.imagesInUse, { signal });
    return new Set(digests);
  } catch (error) {
    signal.throwIfAborted();
    if (!(await hasServer())) return new Set();
    throw platformError(
      `which images jobs and results name can't be asked, so nothing was removed: ${messageOf(error)}. With --offline whatever has no name here is removed`,
      error,
    );
  }
}

/** Named by the environment, or was run on this machine: then it has jobs and results. */
async function hasServer(): Promise<boolean> {
  if (process.env["ASSAY_URL"] !== undefined) return true;
  return access(join(defaultDataDirectory, "server")).then(
    () => true,
    () => false,
  );
}
