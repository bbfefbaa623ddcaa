import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, extensionOf, sourcesOf } from "../sources.ts";

const extensions = [".go"];
const MiB = 1024 * 1024;

const program = "a.out";

/** No network, no C, no file outside of /tmp; the standard library as the image has it compiled. */
const goEnvironment = {
  ...environment,
  HOME: "/tmp",
  GOCACHE: "/tmp/cache",
  GOENV: "off",
  GOTOOLCHAIN: "local",
  GOPROXY: "off",
  GOFLAGS: "-buildvcs=false",
  CGO_ENABLED: "0",
  GODEBUG: "installgoroot=all",
};

// Said outright, so that a package that is no program is an error and not an archive.
const build = ["go", "build", "-buildmode=exe", "-ldflags=-s -w", "-o", program];

/** Go takes a file for a source only when it is called so. */
const copyAndBuild = `\
mkdir /tmp/main
for file; do
  count=$((count + 1))
  cp -- "$file" "/tmp/main/file$count.go" || exit 1
done
exec ${build.map((word) => `'${word}'`).join(" ")} /tmp/main/*.go
`;

const buildCommand = (files: readonly string[], options: readonly string[]): readonly string[] => {
  const sources = sourcesOf(files, extensions);
  if (files.includes("go.mod")) return [...build, ...options, "."];
  if (sources.some((path) => extensionOf(path) !== ".go"))
    return ["sh", "-c", copyAndBuild, "build", ...sources.map(asArgument)];
  // Packages in directories find each other by relative paths: import "./shapes".
  return [
    ...build,
    ...options,
    ...(sources.some((path) => path.includes("/")) ? ["."] : sources.map(asArgument)),
  ];
};

const ofRelease = (id: string, release: string, image: string): Language => ({
  id,
  family: "go",
  release,
  name: id === "go" ? "Go" : `Go ${release}`,
  aliases: ["golang"],
  image,
  extensions,
  defaultSource: "main.go",
  highlighting: "go",
  translation: "compiled",
  programs: "go",
  without: {},
  entryPoint: (files) => sourcesOf(files, extensions)[0],
  compile: (files, options = []) => ({
    argv: buildCommand(files, options),
    env: { ...goEnvironment, GO111MODULE: files.includes("go.mod") ? "on" : "off" },
    outputs: [program],
  }),
  compileMinimum: { memoryBytes: 256 * MiB, processes: 48, diskBytes: 64 * MiB },
  // The collector works harder near the limit instead of running into it.
  run: (_files, args = [], memoryBytes) => ({
    argv: [asArgument(program), ...args],
    env:
      memoryBytes === undefined
        ? environment
        : { ...environment, GOMEMLIMIT: String(Math.floor(memoryBytes * 0.9)) },
  }),
  timing: { factor: 1, offsetMs: 2 },
  // An empty program: 2 MB and 4 threads; the collector starts some more, as many as there are processors.
  overhead: { memoryBytes: 4 * MiB, processes: 8 },
  messages: "go",
  version: {
    argv: ["go", "version"],
    env: goEnvironment,
    parse: (stdout) => /^go version go(\d+\.\d+\.\d+) \S+\n$/.exec(stdout)?.[1] ?? null,
  },
});

export const go = ofRelease("go", "1.19", "go");
export const go124 = ofRelease("go@1.24", "1.24", "go-1.24");
