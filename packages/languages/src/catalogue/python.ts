import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { pythonBy } from "./cpython.ts";

const MiB = 1024 * 1024;

const cpython = {
  family: "python",
  name: "Python 3",
  aliases: ["python3", "py"],
  program: "python3",
  compileMemoryBytes: 32 * MiB,
  env: environment,
  version: {
    argv: ["python3", "-I", "--version"],
    env: environment,
    parse: (stdout: string) => /^Python (\d+\.\d+\.\d+)\s*$/.exec(stdout)?.[1] ?? null,
  },
} as const;

export const python: Language = pythonBy({
  ...cpython,
  id: "python",
  release: "3.11",
  image: "python",
  timing: { factor: 1, offsetMs: 10 },
});

export const python313: Language = pythonBy({
  ...cpython,
  id: "python@3.13",
  release: "3.13",
  image: "python-3.13",
  timing: { factor: 1, offsetMs: 11 },
});
