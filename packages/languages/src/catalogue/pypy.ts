import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { pythonBy } from "./cpython.ts";

const MiB = 1024 * 1024;

// PyPy otherwise asks for the size of the processor's cache, which a box doesn't tell, and complains.
const env = { ...environment, PYPY_GC_NURSERY: "4M" };

const pypyOf = {
  family: "pypy",
  name: "PyPy 3",
  aliases: ["pypy3"],
  program: "pypy3",
  compileMemoryBytes: 128 * MiB,
  env,
  timing: { factor: 1, offsetMs: 31 },
  overhead: { memoryBytes: 26 * MiB, processes: 0 },
  // The release of Python that it is: its own version counts in another way.
  version: {
    argv: ["pypy3", "-I", "-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"],
    env,
    parse: (stdout: string) => /^\d+\.\d+\.\d+$/.exec(stdout.trim())?.[0] ?? null,
  },
} as const;

export const pypy: Language = pythonBy({
  ...pypyOf,
  id: "pypy",
  release: "3.9",
  image: "pypy",
});

export const pypy311: Language = pythonBy({
  ...pypyOf,
  id: "pypy@3.11",
  release: "3.11",
  image: "pypy-3.11",
});
