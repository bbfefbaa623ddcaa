import { randomBytes } from "node:crypto";
import { outOfRange } from "./check-spec.ts";
import type { RunSpec } from "./spec.ts";
import { ID_BYTES } from "./wire/protocol.ts";

interface Ends {
  readers: number[];
  writers: number[];
}

/**
 * A name for each pipe of a session, which nobody else can know. Throws `out_of_range` unless each
 * pipe has one reading and one writing end, in two programs.
 */
export function namePipes(specs: readonly RunSpec[]): Map<number, Buffer> {
  const names = new Map<number, Buffer>();
  for (const [pipe, { readers, writers }] of endsOfPipes(specs)) {
    if (readers.length !== 1 || writers.length !== 1 || readers[0] === writers[0]) {
      throw outOfRange(
        `pipe ${pipe} must have one pipe-read and one pipe-write in two programs; ` +
          `it is read by ${readers.length} and written by ${writers.length}`,
      );
    }
    names.set(pipe, randomBytes(ID_BYTES));
  }
  return names;
}

/** Which programs talk to each other, be it through others: groups of at least two, as indexes. */
export function talkingGroups(specs: readonly RunSpec[]): number[][] {
  const group = specs.map((_, index) => index);
  for (const { readers, writers } of endsOfPipes(specs).values()) {
    const [reader = -1] = readers;
    const [writer = -1] = writers;
    const merged = group[reader];
    const into = group[writer];
    if (merged === undefined || into === undefined) continue;
    for (const [index, value] of group.entries()) if (value === merged) group[index] = into;
  }
  const groups = Map.groupBy(group.keys(), (index) => group[index]);
  return [...groups.values()].filter((members) => members.length > 1);
}

function endsOfPipes(specs: readonly RunSpec[]): Map<number, Ends> {
  const pipes = new Map<number, Ends>();
  for (const [index, { fds }] of specs.entries()) {
    for (const fd of fds) {
      if (fd.kind !== "pipe-read" && fd.kind !== "pipe-write") continue;
      const ends = pipes.get(fd.pipe) ?? { readers: [], writers: [] };
      ends[fd.kind === "pipe-read" ? "readers" : "writers"].push(index);
      pipes.set(fd.pipe, ends);
    }
  }
  return pipes;
}
