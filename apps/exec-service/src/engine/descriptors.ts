import type { RunSpec } from "@assay/sandbox";
import { RequestError } from "../model/request-error.ts";
import type { Cmd, CmdFile, PipeMap } from "../model/request.ts";
import { contentOf, type Contents } from "./copy-in.ts";

type BoxFd = RunSpec["fds"][number];

const MiB = 1024 * 1024;

/** Of all that the descriptors of one command bring back. */
const MAX_COLLECTED = 256 * MiB;
const MAX_CONTENT = 120 * MiB;
const MAX_FD = 15;

const ROWS = 24;
const COLUMNS = 80;

/** A collector or a pipe's transcript: where its bytes are found after the run. */
interface Collected {
  readonly fd: number;
  readonly name: string;
  readonly max: number;
  /** Whether more than `max` is an error; a transcript just ends there. */
  readonly isLimit: boolean;
}

/** A pseudo-terminal that several descriptors of a command share. */
interface Terminal {
  readonly fd: number;
  /** Typed in at the start. */
  readonly typed: Buffer;
  /** What it shows is collected under this name. */
  readonly collector: { readonly name: string; readonly max: number } | null;
}

export interface Descriptors {
  readonly fds: BoxFd[];
  readonly collected: readonly Collected[];
  readonly terminal: Terminal | null;
  /** Descriptors of the request whose bytes come from the client. */
  readonly inputs: readonly number[];
  /** Descriptors of the request whose bytes go to the client; of a terminal the first only. */
  readonly outputs: readonly number[];
}

/**
 * The descriptors of command `index`. Its pipes are numbered as in `pipes`.
 *
 * @throws RequestError; why a file can't be read
 */
export async function describe(
  cmd: Cmd,
  index: number,
  pipes: readonly PipeMap[],
  contents: Contents,
): Promise<Descriptors> {
  const building = new Building(cmd, index, pipes);
  for (const [fd, file] of cmd.files.entries()) await building.add(fd, file, contents);
  building.addPipes();
  return building.finish();
}

class Building {
  readonly #cmd: Cmd;
  readonly #index: number;
  readonly #pipes: readonly PipeMap[];
  readonly #fds: BoxFd[] = [];
  readonly #collected: Collected[] = [];
  readonly #inputs: number[] = [];
  readonly #outputs: number[] = [];
  /** The most that one of them may bring back, so that all together stay within bounds. */
  readonly #share: number;
  #terminal: Terminal | null = null;
  #left = MAX_CONTENT;

  constructor(cmd: Cmd, index: number, pipes: readonly PipeMap[]) {
    if (cmd.files.length > MAX_FD + 1)
      throw new RequestError(400, `cmd.${index}: a command has at most ${MAX_FD + 1} files`);
    this.#cmd = cmd;
    this.#index = index;
    this.#pipes = pipes;
    const collectors = cmd.files.filter((file) => file?.kind === "collector").length;
    const transcripts = pipes.filter((pipe) => pipe.in.index === index && pipe.proxy).length;
    this.#share = Math.floor(MAX_COLLECTED / Math.max(1, collectors + transcripts)) - 1;
  }

  async add(fd: number, file: CmdFile | null, contents: Contents): Promise<void> {
    switch (file?.kind) {
      case undefined:
        this.#fds[fd] = { kind: "null" };
        return;
      case "memory":
        if (this.#cmd.tty) this.#addTyped(fd, Buffer.from(file.content));
        else await this.#addContent(fd, file, contents);
        return;
      case "collector":
        this.#addCollector(fd, file);
        return;
      case "streamIn":
        this.#fds[fd] = this.#cmd.tty ? this.#onTerminal(fd) : { kind: "input" };
        this.#inputs.push(fd);
        return;
      case "streamOut":
        this.#addOutput(fd);
        return;
      case "local":
      case "prepared":
      case "symlink":
        await this.#addContent(fd, file, contents);
    }
  }

  addPipes(): void {
    for (const [number, pipe] of this.#pipes.entries()) {
      if (pipe.in.index === this.#index) this.#addWriter(number, pipe);
      if (pipe.out.index === this.#index) this.#place(pipe.out.fd, { kind: "pipe-read", pipe: number });
    }
  }

  finish(): Descriptors {
    return {
      // A descriptor that nothing filled, below one that a pipe did.
      fds: Array.from(this.#fds, (fd): BoxFd => fd ?? { kind: "null" }),
      collected: this.#collected,
      terminal: this.#terminal,
      inputs: this.#inputs,
      outputs: this.#outputs,
    };
  }

  async #addContent(fd: number, file: CmdFile, contents: Contents): Promise<void> {
    const content = await contentOf(file, contents, this.#left);
    this.#left -= content.byteLength;
    this.#fds[fd] = content.byteLength === 0 ? { kind: "null" } : { kind: "content", content };
  }

  #addTyped(fd: number, typed: Buffer): void {
    this.#fds[fd] = this.#onTerminal(fd);
    if (this.#terminal)
      this.#terminal = { ...this.#terminal, typed: Buffer.concat([this.#terminal.typed, typed]) };
  }

  #addCollector(fd: number, { name, max }: { name: string; max: number }): void {
    const most = Math.min(max, this.#share);
    const known = this.#collected.find((one) => one.name === name);
    if (this.#cmd.tty) {
      this.#fds[fd] = this.#onTerminal(fd);
      // Both outputs of a program are one terminal: the first of them collects.
      if (this.#terminal?.collector === null && this.#outputs.length === 0)
        this.#terminal = { ...this.#terminal, collector: { name, max: most } };
    } else if (known) {
      this.#fds[fd] = { kind: "same", fd: known.fd };
    } else {
      // One byte more than may be, which tells an output that is too long from one that just fits.
      this.#fds[fd] = { kind: "capture", maxBytes: most + 1, onLimit: "discard" };
      this.#collected.push({ fd, name, max: most, isLimit: true });
    }
  }

  #addOutput(fd: number): void {
    if (!this.#cmd.tty) {
      this.#fds[fd] = { kind: "output", maxBytes: null, onLimit: "discard" };
      this.#outputs.push(fd);
      return;
    }
    this.#fds[fd] = this.#onTerminal(fd);
    if (this.#outputs.length === 0 && !this.#terminal?.collector) this.#outputs.push(fd);
  }

  #addWriter(number: number, { in: { fd }, proxy, name, max }: PipeMap): void {
    const isKept = proxy && name !== "" && max > 0;
    const most = isKept ? Math.min(max, this.#share) : 1;
    // A relay takes what the writer writes also when its reader is gone, as long as it records at all.
    this.#place(fd, { kind: "pipe-write", pipe: number, recordBytes: proxy ? most : 0 });
    if (isKept) this.#collected.push({ fd, name, max: most, isLimit: false });
  }

  #place(fd: number, end: BoxFd): void {
    const occupied = this.#cmd.files[fd] ?? null;
    const taken = this.#fds[fd];
    if (occupied !== null || (taken !== undefined && taken.kind !== "null"))
      throw new RequestError(500, `pipe fd have been occupied ${this.#index} ${fd}`);
    this.#fds[fd] = end;
  }

  #onTerminal(fd: number): BoxFd {
    if (this.#terminal) return { kind: "same", fd: this.#terminal.fd };
    this.#terminal = { fd, typed: Buffer.alloc(0), collector: null };
    return { kind: "terminal", rows: ROWS, columns: COLUMNS, maxBytes: null, onLimit: "discard" };
  }
}

/** @throws RequestError for pipes that can't be laid */
export function checkPipes(cmds: number, pipes: readonly PipeMap[]): void {
  for (const pipe of pipes) {
    for (const { index, fd } of [pipe.in, pipe.out]) {
      if (index < 0 || index >= cmds) throw new RequestError(500, `pipe index out of range ${index}`);
      if (fd < 0 || fd > MAX_FD) throw new RequestError(500, `pipe fd out of range ${fd}`);
    }
    if (pipe.in.index === pipe.out.index)
      throw new RequestError(400, "a pipe connects two commands; in and out name the same one");
  }
}
