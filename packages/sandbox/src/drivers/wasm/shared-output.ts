import type { FdReport } from "../../spec.ts";
import type { CaptureRule } from "../capture.ts";

/**
 * A capture in memory that two threads see: what a guest wrote is there in the moment in which it is
 * stopped, and no queue of messages can grow.
 */
export interface SharedOutput {
  readonly total: BigUint64Array;
  readonly content: Uint8Array;
  readonly stopAtEnd: boolean;
}

export const sharedOutput = ({ maxBytes, onLimit }: CaptureRule): SharedOutput => ({
  total: new BigUint64Array(new SharedArrayBuffer(8)),
  content: new Uint8Array(new SharedArrayBuffer(maxBytes)),
  stopAtEnd: onLimit === "stop",
});

const totalOf = ({ total }: SharedOutput): number => Number(Atomics.load(total, 0));

/** Appends what fits and counts the rest. Only the guest's thread calls it. */
export function append(output: SharedOutput, bytes: Uint8Array): void {
  const at = totalOf(output);
  if (at < output.content.byteLength)
    output.content.set(bytes.subarray(0, output.content.byteLength - at), at);
  Atomics.add(output.total, 0, BigInt(bytes.byteLength));
}

/** Whether more was written than a program that is to be stopped may write. */
export const isPastEnd = (output: SharedOutput): boolean =>
  output.stopAtEnd && totalOf(output) > output.content.byteLength;

export function reportOf(output: SharedOutput): FdReport {
  const total = totalOf(output);
  return {
    total,
    content: Buffer.from(output.content.subarray(0, Math.min(total, output.content.byteLength))),
  };
}
