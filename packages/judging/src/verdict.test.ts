import type { Outcome, Verdict } from "@assay/contracts";
import { expect, test } from "vitest";
import { outcomeOf, sampleLimits } from "./outcome.fixture.ts";
import { verdictOf } from "./verdict.ts";

test.each<[string, Partial<Outcome>, Verdict | null]>([
  ["a good end", {}, null],
  ["an exit code", { exitCode: 1 }, "RTE"],
  ["a signal", { status: "signalled", signal: "SIGSEGV" }, "RTE"],
  ["the OOM killer", { status: "memory_limit", signal: "SIGKILL", cpuMs: 5000 }, "MLE"],
  ["the CPU limit", { status: "cpu_limit" }, "TLE"],
  ["the wall limit", { status: "wall_limit" }, "TLE"],
  ["the output limit", { status: "output_limit" }, "OLE"],
  ["insisting on refused calls", { status: "refused_syscall" }, "RTE"],
  ["waiting without end", { status: "idle_limit" }, "TLE"],
  ["one process too many", { status: "process_limit", processLimitHits: 1 }, "RTE"],
  ["a file that grew too large", { status: "file_limit", signal: "SIGXFSZ" }, "RTE"],
  ["failing at the memory limit", { status: "memory_limit", memoryCause: "peak", exitCode: 1 }, "MLE"],
  ["a failed sandbox", { status: "platform", message: "no cgroup" }, "IE"],
  ["exactly the CPU limit", { cpuMs: 1000 }, null],
  ["ending by itself after the CPU limit", { cpuMs: 1000.2 }, "TLE"],
  ["a crash after the CPU limit", { status: "signalled", signal: "SIGABRT", cpuMs: 1001 }, "TLE"],
  ["exactly the output limit", { stdoutBytes: sampleLimits.outputBytes }, null],
  [
    "stdout and stderr together over the limit",
    { stdoutBytes: sampleLimits.outputBytes, stderrBytes: 1 },
    "OLE",
  ],
  ["output within the limit that the sandbox lost", { stdoutBytes: 9, stdoutTruncated: true }, "IE"],
  ["a crash with lost output", { exitCode: 1, stdoutBytes: 9, stdoutTruncated: true }, "RTE"],
  ["refused calls that it lived with", { refusedSyscalls: [{ name: "socket", count: 1 }] }, null],
])("%s", (_, change, verdict) => {
  expect(verdictOf(outcomeOf(change), sampleLimits, true)).toBe(verdict);
});

test("what is written to files counts as output", () => {
  const outcome = outcomeOf({ stdoutBytes: sampleLimits.outputBytes - 10, stderrBytes: 5 });
  expect(verdictOf(outcome, sampleLimits, true, 5)).toBeNull();
  expect(verdictOf(outcome, sampleLimits, true, 6)).toBe("OLE");
});

test("a program that can't be started is its author's fault only if they made it", () => {
  const outcome = outcomeOf({ status: "start_failed", message: "no such file" });
  expect(verdictOf(outcome, sampleLimits, true)).toBe("RTE");
  expect(verdictOf(outcome, sampleLimits, false)).toBe("IE");
});
