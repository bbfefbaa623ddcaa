import type { Command, Language } from "../language.ts";
import { asArgument, sourcesOf } from "../sources.ts";

const extensions = [".py"];
const MiB = 1024 * 1024;

const packageMain = /^(\w+)\/__main__\.py$/;

/** By name; else the only package that can be started; else the first file, but what makes a package none. */
const entryPoint = (files: readonly string[]): string => {
  const sources = sourcesOf(files, extensions);
  const named = ["__main__.py", "main.py"].find((name) => sources.includes(name));
  const packages = sources.filter((path) => packageMain.test(path));
  const program = sources.find((path) => !/(?:^|\/)__init__\.py$/.test(path));
  return named ?? (packages.length === 1 ? packages[0] : undefined) ?? program ?? sources[0];
};

/** A package is started by its name, or its modules could not import each other relatively. */
const starting = (entry: string): readonly string[] => {
  const name = packageMain.exec(entry)?.[1];
  return name === undefined ? [asArgument(entry)] : ["-m", name];
};

// Leaves bytecode that imports find in each later box. Unchecked: a copied work directory may have other
// time stamps than this one, and with those the bytecode would count as stale.
const check = `\
import py_compile, sys
failed = False
for path in sys.argv[1:]:
    try:
        py_compile.compile(path, doraise=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    except py_compile.PyCompileError as error:
        failed = True
        said = error.msg.strip()
        print(said if path in said else f"{path}: {error.exc_value}", file=sys.stderr)
sys.exit(failed)
`;

/** What differs between the interpreters of Python, which take the same options. */
export type Interpreter = Pick<
  Language,
  "id" | "family" | "release" | "name" | "aliases" | "image" | "timing" | "version"
> & {
  readonly program: "python3" | "pypy3";
  readonly compileMemoryBytes: number;
  readonly env: Command["env"];
} & Partial<Pick<Language, "overhead">>;

export const pythonBy = ({ program, compileMemoryBytes, env, ...own }: Interpreter): Language => ({
  ...own,
  extensions,
  defaultSource: "main.py",
  highlighting: "python",
  translation: "checked",
  programs: "python",
  without: {},
  entryPoint,
  // -I: a source file named like a module of the standard library must not take the checker's place.
  compile: (files) => ({
    argv: [program, "-I", "-c", check, ...sourcesOf(files, extensions).map(asArgument)],
    env,
    outputs: ["__pycache__"],
  }),
  compileMinimum: { memoryBytes: compileMemoryBytes, processes: 1, diskBytes: 1 * MiB },
  // -B: the box is thrown away, so bytecode written there only costs time and space. -s: no directory
  // of the user's own packages. Not -I: the program's own modules lie beside it.
  run: (files, args = []) => ({
    argv: [program, "-B", "-s", ...starting(entryPoint(files)), ...args],
    // The same program must get the same verdict each time: a set of strings otherwise has another order
    // in every process.
    env: { ...env, PYTHONHASHSEED: "0" },
  }),
  messages: "python",
});
