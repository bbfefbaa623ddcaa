import { environment } from "../environment.ts";
import type { Command, CompileCommand, VersionProbe } from "../language.ts";
import { asArgument } from "../sources.ts";

const MiB = 1024 * 1024;

/**
 * One collector, because the others have threads for each processor and a program's CPU time then
 * depends on the machine. No file with performance counters: /tmp is the program's. No messages of
 * its own among what the program prints.
 */
const common = ["-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xshare:auto", "-Xlog:disable"];

/** What the driver in the images is given; see files/jvm/Compile.java among the recipes. */
export interface JvmCompilation {
  readonly language: "java" | "kotlin" | "scala" | "groovy";
  /** Of the compiler, after the driver's own. */
  readonly classpath?: readonly string[];
  /** Archive of the classes that the compiler needs. */
  readonly archive: string;
  /** Words for the virtual machine. */
  readonly jvm?: readonly string[];
  readonly options?: readonly string[];
  readonly sources: readonly string[];
  readonly entry: string;
}

/**
 * Compiles into `.classes`, and leaves the name of the class to start in `.main`. The first stage of
 * just-in-time compilation only: a compiler is done before the second one pays.
 */
export const jvmCompile = (what: JvmCompilation): CompileCommand => ({
  argv: [
    "java",
    ...common,
    "-XX:TieredStopAtLevel=1",
    "-Xss16m",
    `-XX:SharedArchiveFile=${what.archive}`,
    ...(what.jvm ?? []),
    "-cp",
    ["/usr/lib/assay/jvm/compile.jar", ...(what.classpath ?? [])].join(":"),
    "assay.Compile",
    what.language,
    asArgument(what.entry),
    ...(what.options ?? []),
    "--",
    ...what.sources.map(asArgument),
  ],
  env: environment,
  outputs: [".classes", ".main"],
});

/** Words for a virtual machine that may fill the memory limit with objects, and recurse deeply. */
export const jvmOptions = (memoryBytes: number | undefined): string[] => [
  ...common,
  // Objects may take all that the limit leaves for the program; the rest is the overhead.
  ...(memoryBytes === undefined ? [] : [`-Xmx${Math.max(4, Math.floor(memoryBytes / MiB))}m`]),
  "-Xss64m",
];

/**
 * Starts the class that the compile step has found. Its name comes out of a file of arguments, which
 * ends where the class stands: what follows is the program's own.
 */
export const jvmRun = (
  args: readonly string[],
  memoryBytes: number | undefined,
  more: { readonly classpath?: readonly string[]; readonly options?: readonly string[] } = {},
): Command => ({
  argv: [
    "java",
    ...jvmOptions(memoryBytes),
    ...(more.options ?? []),
    "-cp",
    [...(more.classpath ?? []), ".classes"].join(":"),
    "@.main",
    ...args,
  ],
  env: environment,
});

export const javaVersion: VersionProbe = {
  argv: ["java", ...common, "--version"],
  env: environment,
  // "openjdk 17.0.21.1 2026-10-20", then the run-time environment and the virtual machine.
  parse: (stdout) =>
    /^openjdk (\d+\.\d+\.\d+)[^\n]*\nOpenJDK [^\n]*\nOpenJDK [^\n]*\n$/.exec(stdout)?.[1] ?? null,
};
