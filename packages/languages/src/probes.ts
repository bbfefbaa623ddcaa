/**
 * What a language has to do before it is offered. Each probe has a program in
 * `programs/<directory>/<probe>/`, in one or more files; what the program must do stands here, and how it
 * is run and looked at stands with who runs it.
 */
export const probes = {
  /** Prints `Hello, World!` and a line feed. */
  hello: "prints a greeting",
  /** Copies its standard input to its standard output, byte by byte the same: 1 MB of UTF-8 in lines. */
  echo: "copies 1 MB of UTF-8",
  /** Prints each of its arguments on a line of its own. */
  arguments: "reads its arguments",
  /** Two source files; the one that starts uses the other, and prints `42`. */
  files: "consists of two source files",
  /** Is no program of the language: the compiler or the check refuses it; the interpreter ends with an error. */
  "compile-error": "is refused with a message",
  /** Writes `out of order` to standard error and exits with 7. */
  "exit-code": "ends with an exit code of its own",
  /** Ends by an exception or fault that nobody catches: not with exit code 0, and says something. */
  exception: "fails with a message",
  /** Computes for ever. */
  loop: "is stopped by the CPU limit",
  /**
   * Takes 1 GB of memory in pieces, writes to all of it, then prints `too much`. The limit is 256 MiB with
   * the overhead on top: it ends by the limit, or with an error of its run-time system, never with `too much`.
   */
  memory: "is stopped by the memory limit",
  /** Writes 100 MB to standard output; the limit is 1 MiB. */
  output: "is stopped by the output limit",
  /** Starts a thread or a process, waits for it, and prints the `42` that it computed. */
  threads: "starts a thread or a process",
  /** Tries to reach 192.0.2.1 port 80 over TCP: prints `connected`, or `refused` when that fails. */
  socket: "can't reach the network",
  /** Prints `Grüße, 世界! ∑ 🙂` and a line feed; has such letters in its source. */
  unicode: "has letters of all the world in its source",
} as const;

export type ProbeName = keyof typeof probes;
export const probeNames = Object.keys(probes) as readonly ProbeName[];
