import { SandboxError } from "../../error.ts";
import type { RunSpec } from "../../spec.ts";
import { unsupported } from "../refusal.ts";

/** What runs, told by a command line: a file of the work directory, or text. */
export interface WasmProgram {
  readonly language: "python" | "javascript";
  readonly source: { readonly path: string } | { readonly text: string };
  /** The program's own arguments. */
  readonly args: readonly string[];
  /** Python's -I: neither the program's directory nor the environment takes part in imports. */
  readonly isolated: boolean;
}

/** The image ids of this driver, and the names that stand for their only program. */
const interpreters = {
  "wasm:python": { language: "python", names: ["python3", "python"] },
  "wasm:javascript": { language: "javascript", names: ["js"] },
} as const;

/** What `image` of a run may be for this driver. */
export const wasmImages: readonly string[] = Object.keys(interpreters);

/** Flags of Python that change nothing here, or only -I what they say; all others are refused. */
const pythonFlags = new Set(["-B", "-E", "-I", "-s", "-u"]);

/**
 * `python3 [-B] [-E] [-I] [-s] [-u] (FILE | -c TEXT) [ARGUMENT...]` in `wasm:python`,
 * `js (FILE | -e TEXT) [ARGUMENT...]` in `wasm:javascript`; nothing else can run here.
 *
 * @throws SandboxError `unknown_image`, `unsupported`
 */
export function programOf({ image, argv }: Pick<RunSpec, "image" | "argv">): WasmProgram {
  if (!isOurs(image)) {
    const known = wasmImages.join(" and ");
    throw new SandboxError("unknown_image", `the wasm driver has ${known}, not ${JSON.stringify(image)}`);
  }
  const { language, names } = interpreters[image];
  const [name, ...rest] = argv;
  if (!names.some((one) => one === name))
    throw unsupported("wasm", `the program ${JSON.stringify(name)}: ${image} has only ${names.join(", ")}`);
  const textFlag = language === "python" ? "-c" : "-e";
  const flags = language === "python" ? flagsAtStart(rest) : [];
  rest.splice(0, flags.length);
  const isolated = flags.includes("-I");
  const first = rest.shift();
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

const isOurs = (image: string): image is keyof typeof interpreters => Object.hasOwn(interpreters, image);
