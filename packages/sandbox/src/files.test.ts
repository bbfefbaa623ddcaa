import { sandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, it } from "vitest";
import type { Artifact, RunReport, RunSpec } from "./spec.ts";
import { withOutput } from "./testing/spec.ts";
import type { WithOutput } from "./testing/spec.ts";
import { parseArtifactId } from "./artifact-id.ts";

const slots = 3;
const box = await sandboxOrSkip({ slots });
afterAll(() => box[Symbol.asyncDispose]());

const KiB = 1024;
const plainly = { maxBytesEach: null, truncate: false };
const file = (path: string, content: string, mode = 0o644) => ({ path, mode, content: Buffer.from(content) });

const shell = async (script: string, change: Partial<RunSpec> = {}): Promise<WithOutput> =>
  withOutput(
    await box.get().sandbox.run(box.get().spec(["/bin/sh", "-c", script], change), { signal: null }),
  );

const keep = async (script: string, change: Partial<RunSpec> = {}): Promise<Artifact> => {
  const { artifact, outcome, stderr } = await shell(script, { keep: { maxBytes: 1024 * KiB }, ...change });
  if (artifact === null) throw new Error(`not kept: ${JSON.stringify(outcome)} ${String(stderr)}`);
  return artifact;
};

const textsOf = (report: RunReport) =>
  report.collected.map(({ path, state, content }) => [path, state, String(content)]);

describe.skipIf(box.skip)(`files of a box ${box.skip ?? ""}`, () => {
  it("come in with their modes, and what was made goes out", async () => {
    const report = await shell("./d/e/program && cat data/in > out && mkdir sub && echo deep > sub/file", {
      files: [file("d/e/program", "#!/bin/sh\necho ran\n", 0o755), file("data/in", "in"), file("empty", "")],
      collect: { paths: ["out", "sub/file", "empty", "data/in"], maxBytes: 100, ...plainly },
    });
    expect(String(report.stderr)).toBe("");
    expect(String(report.stdout)).toBe("ran\n");
    expect(textsOf(report)).toEqual([
      ["out", "ok", "in"],
      ["sub/file", "ok", "deep\n"],
      ["empty", "ok", ""],
      ["data/in", "ok", "in"],
    ]);
  });

  it("never survive their box", async () => {
    for (let round = 0; round < slots * 2; round += 1) {
      const { stdout } = await shell("ls -A /w /tmp; echo x > /w/left; echo x > /tmp/left");
      expect(String(stdout)).toBe("/tmp:\n\n/w:\n");
    }
  });

  it("are collected up to the cap of all together", async () => {
    const report = await shell("head -c 600 /dev/zero > a; head -c 600 /dev/zero > b; echo c > c", {
      collect: { paths: ["a", "b", "c"], maxBytes: 1000, ...plainly },
    });
    expect(report.collected.map(({ state, content }) => [state, content.length])).toEqual([
      ["ok", 600],
      ["too_large", 0],
      ["ok", 2],
    ]);
  });

  it("are collected up to the cap of each, with their beginnings where that is asked for", async () => {
    const report = await shell("echo first > a; echo second > b; echo third > c", {
      collect: { paths: ["a", "b", "c"], maxBytes: 10, maxBytesEach: 6, truncate: true },
    });
    expect(textsOf(report)).toEqual([
      ["a", "ok", "first\n"],
      ["b", "too_large", "seco"],
      ["c", "too_large", ""],
    ]);
  });

  it("may be links, which lead where they lead in the box and are never followed outside", async () => {
    const report = await shell("cat link; cat d/passwd; echo; ls d; echo new > d/over", {
      files: [
        file("file", "content\n"),
        { path: "link", target: "file" },
        { path: "d/passwd", target: "/etc/passwd" },
        { path: "d/over", target: "../file" },
        { path: "d/gone", target: "nowhere" },
      ],
      collect: { paths: ["link", "d/passwd", "d/gone", "file"], maxBytes: 1000, ...plainly },
    });
    expect(String(report.stdout)).toBe("content\n\ngone\nover\npasswd\n");
    expect(textsOf(report)).toEqual([
      ["link", "link", ""],
      ["d/passwd", "link", ""],
      ["d/gone", "link", ""],
      ["file", "ok", "new\n"],
    ]);
    const through = shell(":", { files: [{ path: "d", target: "/tmp" }, file("d/x", "x")] });
    await expect(through).rejects.toMatchObject({ code: "bad_path" });
  });

  it("are never read outside of the work directory", async () => {
    const script = `
      ln -s /etc/passwd link; ln -s / root; ln -s ../../etc up; ln -s loop loop
      mkfifo pipe; mkdir directory; ln -s /proc/self/environ environ; echo real > real; ln -s real inner`;
    const paths = [
      "link",
      "root/etc/passwd",
      "up/passwd",
      "loop",
      "pipe",
      "directory",
      "environ",
      "inner",
      "none",
    ];
    const report = await shell(script, { collect: { paths, maxBytes: 1000 * KiB, ...plainly } });
    expect(report.outcome).toMatchObject({ status: "exited", exitCode: 0 });
    expect(report.collected.map(({ content }) => content.length)).toEqual(paths.map(() => 0));
    expect(textsOf(report).filter(([, state]) => state === "ok")).toEqual([]);
    expect(textsOf(report).at(-1)).toEqual(["none", "missing", ""]);
  });

  it("are limited in size and number", async () => {
    const limits = { ...box.get().spec(["a"]).limits, diskBytes: 64 * KiB };
    const large = await shell("head -c 100000 /dev/zero > /w/large", { limits });
    expect(String(large.stderr)).toMatch(/space/i);
    expect(large.outcome.fileBytes).toBeLessThanOrEqual(2 * 64 * KiB);
    const many = await shell("i=0; while echo > $i; do i=$((i+1)); done; echo $i", { limits });
    expect(Number(String(many.stdout))).toBeLessThan(1100);
  });
});

describe.skipIf(box.skip)(`artifacts ${box.skip ?? ""}`, () => {
  it("go from one slot's box to those of all others, unchanged", async () => {
    const { id, bytes, entries, skipped } = await keep(
      "mkdir -p d/e; cp run.sh d/e/run; echo text > text; head -c 5000 /dev/zero > zeros",
      { files: [file("run.sh", "#!/bin/sh\ncat text\n", 0o755)] },
    );
    expect({ entries, skipped }).toEqual({ entries: 6, skipped: 0 });
    expect(bytes).toBeGreaterThan(5000);
    const script = "./d/e/run; wc -c < zeros; echo changed > text; rm zeros";
    for (let round = 0; round < 2; round += 1) {
      const reports = await Promise.all(Array.from({ length: slots * 2 }, () => shell(script, { base: id })));
      expect(reports.map(({ stdout }) => String(stdout))).toEqual(reports.map(() => "text\n5000\n"));
    }
  });

  it("take files over them", async () => {
    const { id } = await keep("echo old > a; echo kept > b");
    const report = await shell("cat a b c/d", {
      base: id,
      files: [file("a", "new\n"), file("c/d", "more\n")],
    });
    expect(String(report.stdout)).toBe("new\nkept\nmore\n");
  });

  it("hold no links or pipes that could lead a later file out of the work directory", async () => {
    const { id, skipped } = await keep("ln -s /tmp d; ln -s /etc/passwd f; mkfifo p; echo x > x");
    expect(skipped).toBe(3);
    const report = await shell("ls /tmp; ls -A; cat d/in f", {
      base: id,
      files: [file("d/in", "inside\n"), file("f", "own\n")],
    });
    expect(String(report.stdout)).toBe("d\nf\nx\ninside\nown\n");
  });

  it("are kept only after an exit with 0 and below the cap", async () => {
    const failed = await shell("echo x > x; exit 1", { keep: { maxBytes: 1000 } });
    expect(failed).toMatchObject({ artifact: null, keepRefused: null });
    const large = await shell("head -c 20000 /dev/zero > x", { keep: { maxBytes: 10_000 } });
    expect(large.artifact).toBeNull();
    expect(large.keepRefused).toMatch(/20\d\d\d bytes, at most 10000/);
    expect(large.outcome).toMatchObject({ status: "exited", exitCode: 0 });
  });

  it("are forgotten one by one, and all at once", async () => {
    const { sandbox } = box.get();
    const [first, second] = [await keep("echo 1 > x"), await keep("echo 2 > x")];
    expect(first.id).not.toBe(second.id);
    expect(await sandbox.forget(first.id)).toBe(1);
    expect(await sandbox.forget(first.id)).toBe(0);
    await expect(shell("cat x", { base: first.id })).rejects.toMatchObject({ code: "unknown_artifact" });
    expect(String((await shell("cat x", { base: second.id })).stdout)).toBe("2\n");
    expect(await sandbox.forget("all")).toBeGreaterThanOrEqual(1);
    await expect(shell("cat x", { base: second.id })).rejects.toMatchObject({ code: "unknown_artifact" });
    expect(await sandbox.forget("all")).toBe(0);
  });

  it("that never were are unknown", async () => {
    const base = parseArtifactId("f".repeat(32));
    await expect(shell("true", { base })).rejects.toMatchObject({ code: "unknown_artifact" });
  });
});
