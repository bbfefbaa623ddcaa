import { stat, readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { Client } from "@assay/client";
import { routes, type Problem } from "@assay/contracts";
import { packDirectory } from "@assay/judging";

/** Uploads a package's directory, or an archive as it is. The same content again changes nothing. */
export async function uploadPackage(client: Client, path: string, signal: AbortSignal): Promise<Problem> {
  const absolute = resolve(path);
  const isDirectory = (await stat(absolute)).isDirectory();
  const body = isDirectory ? await packDirectory(absolute) : await readFile(absolute);
  const shortName = basename(absolute).replace(/\.(zip|kpp|tar\.gz|tgz)$/, "");
  const { body: problem } = await client.upload(routes.uploadProblem, { query: { shortName }, body, signal });
  return problem;
}
