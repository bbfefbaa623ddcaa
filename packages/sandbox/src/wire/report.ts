import type { Interference, Outcome } from "@assay/contracts";
import { parseArtifactId } from "../artifact-id.ts";
import type { ByteReader } from "../bytes.ts";
import { SandboxError } from "../error.ts";
import { outputCounts } from "../fd.ts";
import type { BoxFd, FdReport } from "../fd.ts";
import type { Artifact, CollectedFile, RunReport, RunSpec } from "../spec.ts";
import {
  ID_BYTES,
  MICROSECONDS_PER_MS,
  NANOSECONDS_PER_MS,
  collectedStates,
  cpuWaits,
  isolationOf,
  memoryCauses,
  signalNames,
  statuses,
} from "./protocol.ts";

/** Reads an outcome after its run id. Throws a protocol error unless it is a whole answer to this spec. */
export function readReport(reader: ByteReader, spec: RunSpec): RunReport {
  const { endedAtMs, passedEndAtMs, ...measured } = readMeasured(reader);
  const kept = readArtifact(reader);
  const fds = readFds(reader, spec.fds);
  const collected = readCollected(reader);
  reader.end();
  const outcome: Outcome = {
    ...measured,
    ...keepFailure(measured, kept, spec.keep),
    ...outputCounts(spec.fds, fds),
  };
  return {
    outcome,
    endedAtMs,
    passedEndAtMs: passedEndAtMs === 0 ? null : passedEndAtMs,
    fds,
    artifact: kept.artifact,
    keepRefused: reasonNotKept(outcome, kept, spec.keep),
    collected,
  };
}

type Measured = Omit<Outcome, keyof ReturnType<typeof outputCounts>> & {
  endedAtMs: number;
  passedEndAtMs: number;
};

/** The fields stand in the order of the wire. */
function readMeasured(reader: ByteReader): Measured {
  const status = nameOf(statuses, reader.u8(), "status");
  const exitCode = reader.i32();
  const signal = reader.i32();
  const cpuUserMs = reader.u64() / NANOSECONDS_PER_MS;
  const cpuSystemMs = reader.u64() / NANOSECONDS_PER_MS;
  return {
    status,
    exitCode: exitCode === -1 ? null : exitCode,
    signal: signal === 0 ? null : (signalNames.get(signal) ?? `SIG${signal}`),
    cpuMs: cpuUserMs + cpuSystemMs,
    cpuUserMs,
    cpuSystemMs,
    wallMs: reader.u64() / NANOSECONDS_PER_MS,
    setupMs: reader.u64() / NANOSECONDS_PER_MS,
    endedAtMs: reader.u64() / MICROSECONDS_PER_MS,
    passedEndAtMs: reader.u64() / MICROSECONDS_PER_MS,
    memoryBytes: reader.u64(),
    memoryCause: nameOf(memoryCauses, reader.u8(), "cause of the memory limit"),
    processesPeak: reader.u32(),
    oomKills: reader.u32(),
    processLimitHits: reader.u32(),
    voluntarySwitches: reader.u64(),
    involuntarySwitches: reader.u64(),
    interference: readInterference(reader),
    fileBytes: reader.u64(),
    isolation: isolationOf(reader.u32()),
    driver: "native",
    refusedSyscalls: readRefused(reader),
    message: reader.str16() || null,
  };
}

function readInterference(reader: ByteReader): Interference {
  return {
    cpuWaitMs: reader.u64() / NANOSECONDS_PER_MS,
    cpuWaitOf: nameOf(cpuWaits, reader.u8(), "owner of the waiting"),
    stealMs: reader.u64() / NANOSECONDS_PER_MS,
    runnable: reader.u32(),
  };
}

function readRefused(reader: ByteReader): { name: string; count: number }[] {
  return readList(reader.u16(), () => ({ name: reader.str16(), count: reader.u32() }));
}

function readFds(reader: ByteReader, asked: readonly BoxFd[]): FdReport[] {
  const count = reader.u8();
  if (count !== asked.length) {
    throw new SandboxError("protocol", `sandboxd reported ${count} descriptors of ${asked.length}`);
  }
  const reports = readList(count, () => ({ total: reader.u64(), content: reader.bytes() }));
  for (const [number, fd] of asked.entries()) {
    const original = fd.kind === "same" ? reports[fd.fd] : undefined;
    if (original !== undefined) reports[number] = original;
  }
  return reports;
}

function readCollected(reader: ByteReader): CollectedFile[] {
  return readList(reader.u16(), () => ({
    path: reader.str16(),
    state: nameOf(collectedStates, reader.u8(), "state of a collected file"),
    content: reader.bytes(),
  }));
}

function readList<Item>(count: number, readItem: () => Item): Item[] {
  const items: Item[] = [];
  for (let index = 0; index < count; index += 1) items.push(readItem());
  return items;
}

interface Kept {
  artifact: Artifact | null;
  bytes: number;
}

function readArtifact(reader: ByteReader): Kept {
  const name = reader.raw(ID_BYTES);
  const bytes = reader.u64();
  const entries = reader.u32();
  const skipped = reader.u32();
  if (name.every((byte) => byte === 0)) return { artifact: null, bytes };
  return { artifact: { id: parseArtifactId(name.toString("hex")), bytes, entries, skipped }, bytes };
}

function isTooLarge({ artifact, bytes }: Kept, keep: RunSpec["keep"]): boolean {
  return keep !== null && artifact === null && bytes > keep.maxBytes;
}

function reasonNotKept(outcome: Outcome, kept: Kept, keep: RunSpec["keep"]): string | null {
  if (outcome.status !== "exited" || !isTooLarge(kept, keep)) return null;
  return `the work directory holds ${kept.bytes} bytes, at most ${keep?.maxBytes} are kept`;
}

/** A work directory that is small enough and still not kept (a full disk) is no doing of the program. */
function keepFailure(
  { status, exitCode }: Pick<Outcome, "status" | "exitCode">,
  kept: Kept,
  keep: RunSpec["keep"],
): Partial<Outcome> {
  if (keep === null || kept.artifact !== null || status !== "exited" || exitCode !== 0) return {};
  if (isTooLarge(kept, keep)) return {};
  return { status: "platform", exitCode: null, message: "sandboxd could not keep the work directory" };
}

function nameOf<Name>(names: readonly Name[], code: number, what: string): Name {
  const name = names[code];
  if (name === undefined) throw new SandboxError("protocol", `sandboxd sent ${code} as the ${what}`);
  return name;
}
