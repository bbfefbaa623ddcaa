import type { Language } from "@assay/languages";
import type { Tools, Toolbox } from "../toolbox.ts";

const env = { PATH: "/usr/bin:/bin", HOME: "/w", TMPDIR: "/tmp", LANG: "C.UTF-8", PYTHONHASHSEED: "0" };

// Both names stand in the format; what `build` leaves is looked at at once, not when it is first run.
const buildAndCheck = `
./build || exit
[ -f run ] && [ -x run ] && exit
echo 'build ended well but left no executable file named "run"' >&2
exit 1
`;

/** Programs that bring `run`, or `build` that makes it, described like a language of the catalogue. */
const scripts = (tools: Tools, hasBuild: boolean): Language => ({
  ...tools.language,
  id: "scripts",
  name: "build and run scripts",
  compile: () => (hasBuild ? { argv: ["sh", "-c", buildAndCheck], env, outputs: ["run"] } : null),
  run: (_files, args = []) => ({ argv: ["./run", ...args], env }),
});

/** What a script or the files beside it let expect that it calls. */
const pythonNamed = /\bpython/u;
const compilerNamed = /\b(?:g\+\+|gcc|cc|c\+\+|make|clang|cpp)(?![\w.])/u;
const compiledSource = /\.(?:c|cc|cpp|cxx|c\+\+|C)$/u;

/**
 * An image that has what `build` and `run` call. The format promises them python3, cc and c++ at once;
 * images have one or the other, so what the scripts name decides, then what lies beside them.
 *
 * @param texts of `build` and `run`, as far as they are there
 */
export const scriptTools = async (
  toolbox: Toolbox,
  paths: readonly string[],
  texts: readonly string[],
  hasBuild: boolean,
): Promise<Tools | null> => {
  const text = texts.join("\n");
  const wantsPython =
    pythonNamed.test(text) ||
    (paths.some((path) => path.endsWith(".py")) && !paths.some((path) => compiledSource.test(path)));
  const order = wantsPython && !compilerNamed.test(text) ? ["python", "cpp"] : ["cpp", "python"];
  for (const id of order) {
    const tools = await toolbox.toolsFor(id);
    if (tools !== null) return { language: scripts(tools, hasBuild), image: tools.image };
  }
  return null;
};
