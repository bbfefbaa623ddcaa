import { SandboxError } from "../../error.ts";
import type { RunSpec } from "../../spec.ts";
import { unsupported } from "../refusal.ts";
import { wasmImageNames, wasmImageOf } from "./images.ts";

/** What runs, told by a command line: a file of the work directory, or text. */
export interface WasmProgram {
  readonly language: "python" | "javascript";
  readonly source: { readonly path: string } | { readonly text: string };
  /** The program's own arguments. */
  readonly args: readonly string[];
  /** Python's -I: neither the program's directory nor the environment takes part in imports. */
  readonly isolated: boolean;
}

/** The images of this driver, and the names that stand for their only program. */
const interpreters = {
  "wasm:python": { language: "python", names: ["python3", "python"] },
  "wasm:javascript": { language: "javascript", names: ["js"] },
} as const;

/** Flags of Python that change nothing here, or only -I what they say; all others are refused. */
const pythonFlags = new Set(["-B", "-E", "-I", "-s", "-u"]);

/** What `--version` prints, as the real interpreter does. */
const pythonVersion = "import sys; print('Python %d.%d.%d' % sys.version_info[:3])";

/**
 * `python3 [-B] [-E] [-I] [-s] [-u] (FILE | -c TEXT) [ARGUMENT...]` in `wasm:python`,
 * or `python3 --version`; `js (FILE | -e TEXT) [ARGUMENT...]` in `wasm:javascript`; nothing else can
 * run here.
 *
 * @throws SandboxError `unknown_image`, `unsupported`
 */
export function programOf({ image, argv }: Pick<RunSpec, "image" | "argv">): WasmProgram {
  const own = wasmImageOf(image);
  if (own === null) {
    const known = wasmImageNames.join(" and ");
    throw new SandboxError("unknown_image", `the wasm driver has ${known}, not ${JSON.stringify(image)}`);
  }
  const { language, names } = interpreters[own];
  const [name, ...rest] = argv;
  if (!names.some((one) => one === name))
    throw unsupported("wasm", `the program ${JSON.stringify(name)}: ${own} has only ${names.join(", ")}`);
  const textFlag = language === "python" ? "-c" : "-e";
  const flags = language === "python" ? flagsAtStart(rest) : [];
  rest.splice(0, flags.length);
  const isolated = flags.includes("-I");
  const first = rest.shift();
  if (first === "--version" && language === "python" && rest.length === 0)
    return { language, source: { text: pythonVersion }, args: [], isolated };
  if (first === textFlag) {
    const text = rest.shift();
    if (text === undefined) throw unsupported("wasm", `${textFlag} without a text`);
    return { language, source: { text }, args: rest, isolated };
  }
  if (first === undefined || first.startsWith("-"))
    throw unsupported("wasm", `${name} ${first ?? "without a file"}; it takes a file, or ${textFlag} TEXT`);
  return { language, source: { path: first }, args: rest, isolated };
}

function flagsAtStart(args: readonly string[]): readonly string[] {
  const end = args.findIndex((argument) => !pythonFlags.has(argument));
  return args.slice(0, end === -1 ? args.length : end);
}
