import type { LiveRun, TerminalSize } from "@assay/sandbox";
import type { Result } from "../model/result.ts";
import type { Descriptors } from "./descriptors.ts";

interface LiveCommand {
  readonly descriptors: Descriptors;
  readonly live: LiveRun;
}

/** What one descriptor of one command gives. */
export interface LiveOutput {
  readonly index: number;
  readonly fd: number;
  readonly pieces: AsyncIterable<Uint8Array>;
}

/** A request that runs now, with the streams of its commands. */
export class LiveRequest {
  /** In the order of the commands, when all have ended. */
  readonly results: Promise<Result[]>;
  readonly #commands: readonly (LiveCommand | null)[];

  constructor(commands: readonly (LiveCommand | null)[], results: Promise<Result[]>) {
    this.#commands = commands;
    this.results = results;
    // Whoever serves the streams may fail first.
    results.catch(() => undefined);
  }

  /** All of them have to be read, or their programs wait. */
  outputs(): LiveOutput[] {
    return this.#commands.flatMap((command, index) =>
      command === null
        ? []
        : command.descriptors.outputs.map((fd) => ({
            index,
            fd,
            pieces: command.live.output(command.descriptors.terminal?.fd ?? fd),
          })),
    );
  }

  /**
   * Resolves when the program's input has room for more.
   *
   * @throws RangeError when this is no input
   */
  async write(index: number, fd: number, bytes: Uint8Array): Promise<void> {
    const { live, descriptors } = this.#input(index, fd);
    if (bytes.byteLength > 0) await live.write(descriptors.terminal?.fd ?? fd, bytes);
  }

  /** @throws RangeError when this is no input that is a terminal; SandboxError for an impossible size */
  resize(index: number, fd: number, size: TerminalSize): void {
    const { live, descriptors } = this.#input(index, fd);
    if (!descriptors.terminal) throw new RangeError(`input ${index}/${fd} is no terminal`);
    live.resize(descriptors.terminal.fd, size);
  }

  #input(index: number, fd: number): LiveCommand {
    const command = this.#commands[index];
    if (!command?.descriptors.inputs.includes(fd))
      throw new RangeError(`input does not exist: ${index}/${fd}`);
    return command;
  }
}
