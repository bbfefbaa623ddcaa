import type { Outcome, OutcomeStatus } from "@assay/contracts";
import { describe, expect, it } from "vitest";
import { endingOf } from "./ending.ts";

const of = (status: OutcomeStatus, change: Partial<Outcome> = {}) =>
  endingOf({ status, exitCode: null, signal: null, message: null, ...change } as Outcome);

describe("how a program ended", () => {
  it.each<[OutcomeStatus, Partial<Outcome>, string, number]>([
    ["exited", { exitCode: 0 }, "Accepted", 0],
    ["exited", { exitCode: 3 }, "Nonzero Exit Status", 3],
    ["signalled", { signal: "SIGSEGV" }, "Signalled", 11],
    ["signalled", { signal: "SIG34" }, "Signalled", 34],
    ["cpu_limit", { signal: "SIGKILL" }, "Time Limit Exceeded", 9],
    ["wall_limit", { signal: "SIGKILL" }, "Time Limit Exceeded", 9],
    ["idle_limit", { signal: "SIGKILL" }, "Time Limit Exceeded", 9],
    ["memory_limit", { signal: "SIGKILL" }, "Memory Limit Exceeded", 9],
    ["memory_limit", { exitCode: 1 }, "Memory Limit Exceeded", 1],
    ["output_limit", { signal: "SIGKILL" }, "Output Limit Exceeded", 9],
    ["file_limit", { signal: "SIGXFSZ" }, "Output Limit Exceeded", 25],
    ["refused_syscall", { signal: "SIGKILL" }, "Dangerous Syscall", 31],
    ["process_limit", { signal: "SIGKILL" }, "Signalled", 9],
    ["cancelled", { signal: "SIGKILL" }, "Signalled", 9],
    ["start_failed", { message: "no such file" }, "Internal Error", 0],
    ["platform", { message: "broken" }, "Internal Error", 0],
  ])("%s with %j", (status, change, expected, exitStatus) => {
    expect(of(status, change)).toMatchObject({ status: expected, exitStatus });
  });

  it("is told where the program is not to blame", () => {
    expect(of("start_failed", { message: "no such file" }).error).toBe("execve: no such file");
    expect(of("platform", { message: "broken" }).error).toBe("broken");
    expect(of("cpu_limit").error).toBe("");
  });
});
