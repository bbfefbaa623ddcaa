import type { Outcome } from "@assay/contracts";
import { describe, expect, test } from "vitest";
import { describeOutcome, errorLine, lastLine } from "./evidence.ts";
import { outcomeOf, sampleLimits } from "./outcome.fixture.ts";

const MiB = 1024 * 1024;

test.each<[Partial<Outcome>, string]>([
  [{}, "exit code 0"],
  [{ exitCode: 3 }, "exit code 3"],
  [{ status: "signalled", signal: "SIGSEGV" }, "killed by SIGSEGV"],
  [
    { status: "cpu_limit", cpuMs: 1004.4, wallMs: 1010 },
    "stopped at the CPU limit of 1 s (used 1.004 s CPU, 1.01 s wall)",
  ],
  [
    { status: "wall_limit", cpuMs: 20, wallMs: 4001 },
    "waited: stopped at the wall limit of 4 s with 0.02 s of 1 s CPU",
  ],
  [
    { status: "wall_limit", cpuMs: 900, wallMs: 4001 },
    "stopped at the wall limit of 4 s with 0.9 s of 1 s CPU",
  ],
  [
    { status: "memory_limit", oomKills: 1, memoryBytes: 256 * MiB },
    "the kernel's OOM killer struck at the memory limit of 256 MiB (1 OOM kill, peak 256 MiB)",
  ],
  [
    { status: "output_limit", stdoutBytes: 9_000_000 },
    "stopped at the output limit of 8 MiB (wrote 9000000 bytes to stdout, 0 to stderr)",
  ],
  [
    { exitCode: 1, refusedSyscalls: [{ name: "socket", count: 1 }] },
    "refused system call: socket ×1; exit code 1",
  ],
  [{ exitCode: 0, refusedSyscalls: [{ name: "io_uring_setup", count: 3 }] }, "exit code 0"],
  [
    {
      status: "refused_syscall",
      refusedSyscalls: [
        { name: "mount", count: 2 },
        { name: "bpf", count: 998 },
      ],
    },
    "refused system calls: mount ×2, bpf ×998; stopped because it kept asking",
  ],
  [
    { status: "cpu_limit", cpuMs: 1001, wallMs: 700, processLimitHits: 128 },
    "process limit of 64 hit 128 times; stopped at the CPU limit of 1 s (used 1.001 s CPU, 0.7 s wall)",
  ],
  [
    { status: "process_limit", processLimitHits: 1 },
    "stopped when it asked for more than 64 processes and threads at once",
  ],
  [
    { status: "memory_limit", memoryCause: "peak", exitCode: 1, memoryBytes: 256 * MiB },
    "failed with exit code 1 when its memory was at the limit of 256 MiB (peak 256 MiB, no OOM kill)",
  ],
  [
    { status: "memory_limit", memoryCause: "peak", signal: "SIGSEGV", memoryBytes: 255.9 * MiB },
    "failed with SIGSEGV when its memory was at the limit of 256 MiB (peak 255.9 MiB, no OOM kill)",
  ],
  [{ cpuMs: 1500, wallMs: 1600 }, "ended by itself beyond the CPU limit of 1 s (used 1.5 s CPU, 1.6 s wall)"],
  [{ status: "start_failed", message: "not found" }, "could not be started: not found"],
  [{ status: "platform", message: "no cgroup" }, "the sandbox failed: no cgroup"],
  [{ status: "file_limit", signal: "SIGXFSZ" }, "killed by SIGXFSZ (a file may have at most 64 MiB)"],
])("%j reads well", (change, text) => {
  expect(describeOutcome(outcomeOf(change), sampleLimits, null)).toBe(text);
});

test("says that the machine was busy where that may be why the time ran out", () => {
  const starved = outcomeOf({ status: "wall_limit", cpuMs: 900, wallMs: 4001 });
  const text = "stopped at the wall limit of 4 s with 0.9 s of 1 s CPU";
  expect(describeOutcome(starved, sampleLimits, null, 0.999)).toBe(
    `${text} (the machine was busy: 99 % of its CPU time in use)`,
  );
  expect(describeOutcome(starved, sampleLimits, null, 0.6)).toBe(text);
  const slow = outcomeOf({ status: "cpu_limit", cpuMs: 1004, wallMs: 4000 });
  expect(describeOutcome(slow, sampleLimits, null, 1)).not.toMatch(/busy/);
});

test("says that a program waited", () => {
  const outcome = outcomeOf({ status: "idle_limit", cpuMs: 20, wallMs: 700 });
  expect(describeOutcome(outcome, { ...sampleLimits, idleMs: 500 }, null)).toBe(
    "idle: stopped after it used no CPU time for 0.5 s (used 0.02 s CPU, 0.7 s wall)",
  );
});

test("says that a problem allows no files", () => {
  const outcome = outcomeOf({ status: "file_limit", signal: "SIGXFSZ" });
  expect(describeOutcome(outcome, { ...sampleLimits, fileBytes: 0 }, null)).toMatch(
    /does not allow writing files/,
  );
});

test("quotes stderr only where the program failed by itself", () => {
  const stderr = Buffer.from("Traceback\nZeroDivisionError: division by zero\n\n");
  expect(describeOutcome(outcomeOf({ exitCode: 1 }), sampleLimits, stderr)).toBe(
    'exit code 1; last line of stderr: "ZeroDivisionError: division by zero"',
  );
  expect(describeOutcome(outcomeOf({ status: "cpu_limit" }), sampleLimits, stderr)).not.toMatch(/stderr/);
  expect(describeOutcome(outcomeOf({}), sampleLimits, stderr)).toBe("exit code 0");
});

describe("the last line of stderr", () => {
  test.each([
    ["", null],
    [" \n\r\n", null],
    ["one", "one"],
    ["one\r\ntwo\r", "two"],
    ["\u001b[31mred\u0007", String.raw`\u{1b}[31mred\u{7}`],
    ["a\u202eb\u2028c", String.raw`a\u{202e}b\u{2028}c`],
    ["nul\0", String.raw`nul\u{0}`],
  ])("of %j", (text, line) => {
    expect(lastLine(Buffer.from(text))).toBe(line);
  });

  test("is shortened, also when it is all there is", () => {
    expect(lastLine(Buffer.from("x".repeat(1_000_000)))).toBe(`${"x".repeat(200)}…`);
  });

  test("may be no UTF-8", () => {
    expect(lastLine(Buffer.from([0x61, 0xff]))).toBe("a\ufffd");
  });
});

test.each([
  ["", null],
  [
    "a.cpp: In function 'int main()':\na.cpp:4:20: error: 'x' was not declared\nmore",
    "a.cpp:4:20: error: 'x' was not declared",
  ],
  ['  File "a.py", line 1\nSyntaxError: invalid syntax\n', "SyntaxError: invalid syntax"],
  ["something\nelse\n\n", "else"],
])("the line of a compiler that says most: %j", (output, line) => {
  expect(errorLine(output)).toBe(line);
});
