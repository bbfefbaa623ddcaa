import { z } from "zod";
import { Limits } from "./limits.ts";

/**
 * How a run's streams go.
 *
 * - `captured`: each into a buffer of its own
 * - `watched`: as pieces, so that the result also has both in the order in which they came
 * - `interactive`: told as `output` events while it runs, and standard input comes as JobInput frames
 */
export const RunStreams = z.enum(["captured", "watched", "interactive"]);
export type RunStreams = z.infer<typeof RunStreams>;

/** What a run can ask for beyond its program, its input and its limits. */
export const RunOptions = z.object({
  streams: RunStreams,
  /** Standard error is another name of standard output. */
  stderrToStdout: z.boolean(),
  /** A program that writes more than `outputBytes` is stopped; otherwise the rest is discarded. */
  stopAtOutputLimit: z.boolean(),
  /** Words for the compiler after the language's own; a language without one has no use for them. */
  compilerOptions: z.array(z.string()),
  /** Null = those of the platform. */
  compileLimits: Limits.nullable(),
  /** The compiler finds the data files as well, without being told their names. */
  dataFilesAtCompile: z.boolean(),
  /** Runs one after the other, up to the first that fails or writes something else than the one before. */
  repeat: z.int().min(1).max(20),
});
export type RunOptions = z.infer<typeof RunOptions>;

export const plainRun: RunOptions = {
  streams: "captured",
  stderrToStdout: false,
  stopAtOutputLimit: false,
  compilerOptions: [],
  compileLimits: null,
  dataFilesAtCompile: false,
  repeat: 1,
};

/** What one of several runs took. Times in ms, memory in bytes. */
export const RepeatedRun = z.object({ cpuMs: z.number(), wallMs: z.number(), memoryBytes: z.number() });
export type RepeatedRun = z.infer<typeof RepeatedRun>;

/** Signals that a client may send to its program. */
export const RunSignal = z.enum([
  "SIGABRT",
  "SIGALRM",
  "SIGBUS",
  "SIGCHLD",
  "SIGCONT",
  "SIGFPE",
  "SIGHUP",
  "SIGILL",
  "SIGINT",
  "SIGIO",
  "SIGKILL",
  "SIGPIPE",
  "SIGPROF",
  "SIGPWR",
  "SIGQUIT",
  "SIGSEGV",
  "SIGSTKFLT",
  "SIGSTOP",
  "SIGSYS",
  "SIGTERM",
  "SIGTRAP",
  "SIGTSTP",
  "SIGTTIN",
  "SIGTTOU",
  "SIGURG",
  "SIGUSR1",
  "SIGUSR2",
  "SIGVTALRM",
  "SIGWINCH",
  "SIGXCPU",
  "SIGXFSZ",
]);
export type RunSignal = z.infer<typeof RunSignal>;

/** What whoever talks to an interactive run says: bytes for standard input, its end, or a signal. */
export const JobInputBody = z.discriminatedUnion("type", [
  z.object({ type: z.literal("stdin"), base64: z.string() }),
  z.object({ type: z.literal("end") }),
  z.object({ type: z.literal("signal"), signal: RunSignal }),
]);
export type JobInputBody = z.infer<typeof JobInputBody>;

/** Numbered per job from 1 without gaps. */
export const JobInput = z.object({ seq: z.int().min(1), body: JobInputBody });
export type JobInput = z.infer<typeof JobInput>;
