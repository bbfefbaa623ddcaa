import { stat, readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { Client } from "@assay/client";
import { routes, type JobEventBody, type Problem } from "@assay/contracts";
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

/** The problem once its verification has ended, however it ended. */
export async function whenVerified(
  client: Client,
  problem: Problem,
  signal: AbortSignal,
  onEvent: (event: JobEventBody) => void,
): Promise<Problem> {
  const { jobId } = problem.verification;
  if (jobId !== null) for await (const { body } of client.events(jobId, { signal })) onEvent(body);
  for (let current = problem; ;) {
    current = await client.call(routes.getProblem, {
      params: { id: problem.id },
      query: { wait: 30 },
      signal,
      timeoutMs: 60_000,
    });
    if (current.verification.state !== "pending") return current;
  }
}
