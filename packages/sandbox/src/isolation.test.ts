import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileStatic, findProcesses, sandboxOrSkip, temporaryDirectory, untilTrue } from "@assay/testing";
import { afterAll, describe, expect, it } from "vitest";
import { withOutput } from "./testing/spec.ts";

const source = fileURLToPath(new URL("../fixtures/neighbour.c", import.meta.url));

const box = await sandboxOrSkip({ slots: 2 });
afterAll(() => box[Symbol.asyncDispose]());

interface Finding {
  readonly kind: string;
  /** What an attempt in the same box found: "found", or the name of the error. */
  readonly own: string;
  readonly other: string;
}

function parseFindings(stdout: Uint8Array): Finding[] {
  const lines = String(stdout).trimEnd().split("\n");
  return lines.map((line) => {
    const [kind = "", own = "", other = ""] = line.split("\t");
    return { kind, own, other };
  });
}

/** Runs both neighbours at once and leads them through their steps, so that each looks while both offer. */
async function meet(): Promise<Finding[][]> {
  const { sandbox, spec } = box.get();
  await using directory = await temporaryDirectory();
  const program = join(directory.path, "neighbour");
  await compileStatic(source, program);
  const files = [{ path: "neighbour", mode: 0o755, content: await readFile(program) }];
  const nonce = randomBytes(3).toString("hex");
  const reached = (step: string) =>
    findProcesses(({ name }) => /^[ab]-/.test(name) && name.endsWith(`-${step}-${nonce}`));
  const runs = Promise.all(
    [
      ["a", "b"],
      ["b", "a"],
    ].map(([role = "", other = ""]) =>
      sandbox.run(spec(["/w/neighbour", role, other, nonce], { files }), { signal: null }),
    ),
  );
  for (const step of ["ready", "done"]) {
    await untilTrue(async () => (await reached(step)).length === 2, `both boxes are ${step}`);
    for (const { pid } of await reached(step)) process.kill(pid, "SIGUSR1");
  }
  return (await runs).map(withOutput).map(({ outcome, stdout, stderr }) => {
    expect([outcome.status, outcome.exitCode, String(stderr)]).toEqual(["exited", 0, ""]);
    return parseFindings(stdout);
  });
}

describe.skipIf(box.skip)(`two boxes at once ${box.skip ?? ""}`, () => {
  it("find what is theirs, and nothing of each other", async () => {
    const expected = [
      { kind: "processes", own: "found", other: "ESRCH" },
      { kind: "work files", own: "found", other: "ENOENT" },
      { kind: "temporary files", own: "found", other: "ENOENT" },
      { kind: "abstract sockets", own: "found", other: "ECONNREFUSED" },
      { kind: "loopback", own: "EPERM", other: "EPERM" },
      { kind: "POSIX shared memory", own: "found", other: "ENOENT" },
      { kind: "POSIX message queues", own: "found", other: "ENOENT" },
      { kind: "System V shared memory", own: "found", other: "ENOENT" },
      { kind: "System V message queues", own: "found", other: "ENOENT" },
      { kind: "System V semaphores", own: "found", other: "ENOENT" },
    ];
    expect(await meet()).toEqual([expected, expected]);
  });
});
