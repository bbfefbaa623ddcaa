import { defaultCompileLimits, defaultRunLimits } from "@assay/contracts";
import type { Outcome } from "@assay/contracts";
import { captured, standardStreams } from "@assay/sandbox";
import type { ArtifactId, RunReport, Sandbox } from "@assay/sandbox";
import type { Command, Language } from "../../language.ts";
import type { SourceText } from "../sources.ts";
import type { Example } from "./examples/example.ts";

/** What the real tools said of an example. */
export interface Said {
  readonly compile: string | null;
  /** Null when it was not compiled. */
  readonly run: (Pick<Outcome, "status" | "exitCode" | "signal"> & { readonly stderr: string }) | null;
}

export const filesOf = (language: Language, example: Example): readonly SourceText[] => [
  { path: language.defaultSource, content: example.source },
  ...Object.entries(example.others ?? {}).map(([path, content]) => ({ path, content })),
];

const text = (report: RunReport, fd: number): string => Buffer.from(captured(report, fd)).toString();

/** Compiles and runs an example in boxes of its language's image, as any submission. */
export const sayOf = async (
  sandbox: Sandbox,
  image: string,
  language: Language,
  example: Example,
): Promise<Said> => {
  const files = filesOf(language, example);
  const paths = files.map(({ path }) => path);
  const inBox = (command: Command, base: ArtifactId | null, keep: boolean): Promise<RunReport> => {
    const [program = "", ...args] = command.argv;
    const limits = keep ? defaultCompileLimits : runLimits(language);
    return sandbox.run(
      {
        image,
        argv: [program, ...args],
        env: command.env,
        limits,
        fds: standardStreams({
          stdin: new Uint8Array(),
          outputBytes: limits.outputBytes,
          onOutputLimit: "discard",
        }),
        base,
        files:
          base === null
            ? files.map(({ path, content }) => ({ path, mode: 0o644, content: Buffer.from(content) }))
            : [],
        keep: keep ? { maxBytes: limits.diskBytes } : null,
        collect: null,
        cpus: null,
        cpuRate: null,
        stopAtProcessLimit: false,
      },
      { signal: null },
    );
  };
  const compile = language.compile(paths);
  const compiled = compile === null ? null : await inBox(compile, null, true);
  const compileText = compiled === null ? null : text(compiled, 1) + text(compiled, 2);
  if (compiled !== null && compiled.artifact === null) return { compile: compileText, run: null };
  const base = compiled?.artifact?.id ?? null;
  const ran = await inBox(language.run(paths, [], programBytes), base, false);
  if (base !== null) await sandbox.forget(base);
  const { status, exitCode, signal } = ran.outcome;
  return { compile: compileText, run: { status, exitCode, signal, stderr: text(ran, 2) } };
};

const programBytes = defaultRunLimits.memoryBytes;

const runLimits = ({ overhead }: Language) => ({
  ...defaultRunLimits,
  memoryBytes: programBytes + (overhead?.memoryBytes ?? 0),
  processes: defaultRunLimits.processes + (overhead?.processes ?? 0),
});
