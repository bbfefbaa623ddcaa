import type { JobEventBody, RunResult } from "@assay/contracts";

const nothing = { text: "", exact: true, base64: null };

/** A result in the shape that the protocol takes; what it says does not matter to who carries it. */
export const someResult: RunResult = {
  kind: "run",
  compile: null,
  outcome: null,
  stdout: nothing,
  stderr: nothing,
  diagnostics: [],
  interleaved: null,
  repeats: [],
  evidence: { text: "", outcome: null, limits: null },
  provenance: {
    image: { name: "python", digest: "a".repeat(64) },
    language: { id: "python", version: "3.11.2" },
    runner: "r",
    isolation: [],
  },
};

export const output = (text: string): JobEventBody => ({ type: "output", stream: "stdout", text });
