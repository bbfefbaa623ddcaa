import type { WorkReader } from "../work-reader.ts";
import type { WasmTask } from "./task.ts";

/** What a language gets to make its machine. */
export interface GuestHost {
  readonly task: WasmTask;
  readonly stdin: Uint8Array;
  /** Whether a machine asked for more memory than there may be. */
  readonly hitMemoryLimit: () => boolean;
  readonly stdout: (bytes: Uint8Array) => void;
  readonly stderr: (bytes: Uint8Array) => void;
}

/** A machine with a program that is ready to start. */
export interface Guest {
  /** The work directory, to be read after the program. */
  readonly reader: WorkReader;
  /** What the machine's memory occupies now, bytes; it never shrinks. */
  memoryBytes(): number;
  /** Whether the program ended because it got no more memory. */
  isOutOfMemory(): boolean;
  /** Runs the program to its end; answers its exit code, throws when the machine itself failed. */
  run(): number | Promise<number>;
}
