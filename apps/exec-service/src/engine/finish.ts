import type { RunReport } from "@assay/sandbox";
import type { FileError, FileErrorType, Result, Status } from "../model/result.ts";
import { StoreError, type FileStore } from "../store/file-store.ts";
import { endingOf, type Ending } from "./ending.ts";
import type { Plan } from "./plan.ts";

const NS_PER_MS = 1_000_000;

const overflowMessage = "Output Limit Exceeded";

/** A command's result from its report. `shown` is what its terminal showed, if one collected it. */
export async function finish(
  plan: Plan,
  report: RunReport,
  shown: Uint8Array | null,
  store: FileStore,
): Promise<Result> {
  const { outcome } = report;
  const found = new Map<string, Uint8Array>();
  const errors: FileError[] = [];
  copyOut(plan, report, found, errors);
  collect(plan, report, shown, found, errors);
  const { files, fileIds } = await cache(plan, found, store, errors);

  const time = Math.round(outcome.cpuMs * NS_PER_MS);
  const ending = withFileErrors(endingOf(outcome), errors);
  return {
    ...ending,
    status: withLimits(ending.status, plan, time, outcome.memoryBytes),
    time,
    memory: outcome.memoryBytes,
    runTime: Math.round(outcome.wallMs * NS_PER_MS),
    procPeak: outcome.processesPeak,
    files,
    fileIds,
    fileError: errors,
  };
}

/** An error of a file is the status of a program that ended well only. */
function withFileErrors(ending: Ending, errors: readonly FileError[]): Ending {
  const [first] = errors;
  if (ending.status !== "Accepted" || first === undefined) return ending;
  const overflow = errors.some(({ type }) => type === "CollectSizeExceeded");
  return overflow
    ? { ...ending, status: "Output Limit Exceeded", error: overflowMessage }
    : { ...ending, status: "File Error", error: first.message };
}

function withLimits(status: Status, { allowance }: Plan, time: number, memory: number): Status {
  if (memory > allowance.memoryBytes) return "Memory Limit Exceeded";
  return time > allowance.cpuNs && status !== "Memory Limit Exceeded" ? "Time Limit Exceeded" : status;
}

function copyOut(plan: Plan, report: RunReport, found: Map<string, Uint8Array>, errors: FileError[]): void {
  const collected = new Map(report.collected.map((file) => [file.path, file]));
  const most = plan.spec.collect?.maxBytesEach ?? 0;
  for (const { name, path, optional } of plan.copyOut) {
    const file = path === null ? undefined : collected.get(path);
    const fail = (type: FileErrorType, why: string): void => {
      errors.push({ name, type, message: `copyout: ${JSON.stringify(name)} ${why}` });
    };
    switch (file?.state) {
      case "ok":
        found.set(name, file.content);
        break;
      case undefined:
      case "missing":
        if (!optional) fail("CopyOutOpen", "no such file in /w");
        break;
      case "link":
        fail("CopyOutOpen", "is a symbolic link, which is not followed");
        break;
      case "not_regular":
        fail("CopyOutNotRegularFile", "is not a regular file");
        break;
      case "too_large":
        if (plan.spec.collect?.truncate) found.set(name, file.content);
        fail(
          "CopyOutSizeExceeded",
          `size exceeds limit (${most}, all files together ${plan.spec.collect?.maxBytes ?? 0})`,
        );
        break;
    }
  }
}

function collect(
  { descriptors }: Plan,
  report: RunReport,
  shown: Uint8Array | null,
  found: Map<string, Uint8Array>,
  errors: FileError[],
): void {
  const overflow = (name: string): void => {
    errors.push({ name, type: "CollectSizeExceeded", message: overflowMessage });
  };
  for (const { fd, name, max, isLimit } of descriptors.collected) {
    const { content } = report.fds[fd] ?? { content: new Uint8Array() };
    found.set(name, content);
    if (isLimit && content.byteLength > max) overflow(name);
  }
  const collector = descriptors.terminal?.collector;
  if (!collector || shown === null) return;
  found.set(collector.name, shown);
  if (shown.byteLength > collector.max) overflow(collector.name);
}

async function cache(
  { cachedNames }: Plan,
  found: ReadonlyMap<string, Uint8Array>,
  store: FileStore,
  errors: FileError[],
): Promise<{ files: Map<string, Uint8Array>; fileIds: Map<string, string> }> {
  const files = new Map<string, Uint8Array>();
  const fileIds = new Map<string, string>();
  for (const [name, content] of found) {
    if (!cachedNames.has(name)) {
      files.set(name, content);
      continue;
    }
    try {
      fileIds.set(name, await store.add(name, [content]));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      errors.push({
        name,
        type: error instanceof StoreError ? "CopyOutCreateFile" : "CopyOutCopyContent",
        message,
      });
    }
  }
  return { files, fileIds };
}
