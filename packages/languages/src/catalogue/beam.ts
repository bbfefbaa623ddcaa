import { environment } from "../environment.ts";

/** What the shell script `erl` would find out by five other programs, at each start. */
export const beamEnvironment = {
  ...environment,
  ROOTDIR: "/usr/lib/erlang",
  BINDIR: "/usr/lib/erlang/erts/bin",
  EMU: "beam",
  PROGNAME: "erl",
};

/**
 * The virtual machine of Erlang, without a shell: one scheduler, so that a program's CPU time doesn't
 * depend on how many processors there are, and none that waits by looking again and again.
 */
export const beam = (words: readonly string[]): string[] => [
  "/usr/lib/erlang/erts/bin/erlexec",
  "+S",
  "1:1",
  "+SDio",
  "1",
  "+sbwt",
  "none",
  "+sbwtdcpu",
  "none",
  "+sbwtdio",
  "none",
  "-boot",
  "no_dot_erlang",
  "-noshell",
  ...words,
];
