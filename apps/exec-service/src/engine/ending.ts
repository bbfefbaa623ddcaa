import { constants } from "node:os";
import type { Outcome } from "@assay/contracts";
import type { Status } from "../model/result.ts";

const signalNumbers: Readonly<Record<string, number>> = { ...constants.signals };

const KILLED = constants.signals.SIGKILL;

/** How a program ended, before files and limits are looked at. */
export interface Ending {
  readonly status: Status;
  /** The exit code, or the signal's number. */
  readonly exitStatus: number;
  readonly error: string;
}

const ending = (status: Status, exitStatus: number, error = ""): Ending => ({ status, exitStatus, error });

export function endingOf({ status, exitCode, signal, message }: Outcome): Ending {
  const number = signalNumber(signal);
  switch (status) {
    case "exited":
      return ending(exitCode === 0 ? "Accepted" : "Nonzero Exit Status", exitCode ?? 0);
    case "signalled":
      return ending("Signalled", number ?? KILLED);
    case "cpu_limit":
    case "wall_limit":
    case "idle_limit":
      return ending("Time Limit Exceeded", KILLED);
    case "memory_limit":
      return ending("Memory Limit Exceeded", exitCode ?? number ?? KILLED);
    case "output_limit":
      return ending("Output Limit Exceeded", KILLED);
    case "file_limit":
      return ending("Output Limit Exceeded", number ?? constants.signals.SIGXFSZ);
    case "refused_syscall":
      return ending("Dangerous Syscall", constants.signals.SIGSYS);
    case "process_limit":
    case "cancelled":
      return ending("Signalled", KILLED);
    case "start_failed":
      return ending("Internal Error", 0, `execve: ${message ?? "the program could not be started"}`);
    case "platform":
      return ending("Internal Error", 0, message ?? "the sandbox failed");
  }
}

/** Real-time signals have no names: they come as SIG and their number. */
function signalNumber(name: string | null): number | null {
  if (name === null) return null;
  return signalNumbers[name] ?? (Number(name.slice("SIG".length)) || null);
}
