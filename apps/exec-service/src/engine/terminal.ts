import type { LiveRun } from "@assay/sandbox";
import type { Plan } from "./plan.ts";

/**
 * Types what a command's terminal is given, and collects what it shows: null when nobody collects it
 * here, because a client does or nobody at all.
 */
export async function attend({ descriptors }: Plan, live: LiveRun): Promise<Uint8Array | null> {
  const { terminal, outputs } = descriptors;
  if (terminal === null) return null;
  // A program that never reads must not hold up what it shows; one that ended takes nothing any more.
  if (terminal.typed.byteLength > 0) live.write(terminal.fd, terminal.typed).catch(() => undefined);
  if (terminal.collector) return beginning(live.output(terminal.fd), terminal.collector.max + 1);
  if (outputs.length === 0) live.discard(terminal.fd);
  return null;
}

/** The first bytes of an output. The rest is taken too, so that the program goes on. */
async function beginning(output: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let left = maxBytes;
  for await (const piece of output) {
    if (left === 0) continue;
    const kept = Buffer.from(piece.subarray(0, left));
    pieces.push(kept);
    left -= kept.byteLength;
  }
  return Buffer.concat(pieces);
}
