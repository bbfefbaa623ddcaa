import type { SandboxDriver } from "@assay/contracts";

/** A behaviour of the conformance suite, and what a driver does instead. */
export interface Deviation {
  readonly behaviour: string;
  readonly instead: string;
}

/** Where drivers differ from the contract of a box that sandboxd keeps; the conformance suite proves each. */
export const deviations: Readonly<Record<SandboxDriver, readonly Deviation[]>> = {
  native: [],
  gvisor: [
    {
      behaviour: "tells exit code 139 from a signal",
      instead: "an exit code of 128 and a signal's number is told as that signal",
    },
    { behaviour: "counts threads as processes", instead: "only processes are counted and limited" },
    { behaviour: "opens streams", instead: "refused as unsupported" },
  ],
  wasm: [
    { behaviour: "counts threads as processes", instead: "a program can't make threads or processes" },
    {
      behaviour: "stops a program at the process limit",
      instead: "a program can't make threads or processes",
    },
    {
      behaviour: "says that a file passed its largest size",
      instead: "the write fails, and the program decides what comes of it",
    },
    { behaviour: "returns files of a program that was stopped", instead: "they are told as missing" },
    {
      behaviour: "ends by a signal",
      instead: "there are no signals; a machine that fails is told as SIGABRT",
    },
    { behaviour: "says why a program can't start", instead: "anything but its interpreters is refused" },
    { behaviour: "opens streams", instead: "refused as unsupported" },
  ],
};
