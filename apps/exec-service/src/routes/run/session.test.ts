import { sandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, it } from "vitest";
import { shell, startTestService } from "../../testing/service.ts";

const box = await sandboxOrSkip({ slots: 4 });
afterAll(() => box[Symbol.asyncDispose]());

const service = box.skip === null ? await startTestService(box.get()) : null;
afterAll(() => service?.[Symbol.asyncDispose]());

const errors = { name: "stderr", max: 1000 };
const pipe = (from: [number, number], to: [number, number], more: object = {}) => ({
  in: { index: from[0], fd: from[1] },
  out: { index: to[0], fd: to[1] },
  ...more,
});

async function together(cmd: object[], pipeMapping: object[]): Promise<Record<string, unknown>[]> {
  const answer = await service?.post({ cmd, pipeMapping });
  expect(answer).toMatchObject({ status: 200, body: cmd.map(() => ({ status: expect.any(String) })) });
  return answer?.body as Record<string, unknown>[];
}

/** One asks, the other doubles; each says what it saw on its standard error. */
const asking = shell("echo 20; read x; echo got $x >&2", { files: [null, null, errors] });
const doubling = shell("read n; echo $((n * 2)); echo had $n >&2", { files: [null, null, errors] });
const bothWays = (more: [object, object]) => [pipe([0, 1], [1, 0], more[0]), pipe([1, 1], [0, 0], more[1])];

describe.skipIf(box.skip)(`programs that talk to each other ${box.skip ?? ""}`, () => {
  it("do so over pipes of the kernel", async () => {
    expect(await together([asking, doubling], bothWays([{}, { name: "unused", max: 9 }]))).toMatchObject([
      { status: "Accepted", files: { stderr: "got 40\n" } },
      { status: "Accepted", files: { stderr: "had 20\n" } },
    ]);
  });

  it("do so over a proxy, which keeps what each of them wrote, up to a maximum", async () => {
    const [asked, doubled] = await together(
      [asking, doubling],
      bothWays([
        { proxy: true, name: "to doubler", max: 100 },
        { proxy: true, name: "to asker", max: 1 },
      ]),
    );
    expect(asked).toMatchObject({ status: "Accepted", files: { "to doubler": "20\n", stderr: "got 40\n" } });
    expect(doubled).toMatchObject({ status: "Accepted", files: { "to asker": "4", stderr: "had 20\n" } });
    expect(asked).not.toHaveProperty("fileError");
  });

  it("do so over a proxy that keeps nothing", async () => {
    expect(await together([asking, doubling], bothWays([{ proxy: true }, { proxy: true }]))).toMatchObject([
      { status: "Accepted", files: { stderr: "got 40\n" } },
      { status: "Accepted", files: { stderr: "had 20\n" } },
    ]);
  });

  it("may have pipes on any descriptor", async () => {
    const manager = shell("echo 21 >/proc/self/fd/4; read x </proc/self/fd/3; echo $x", {
      files: [{ content: "" }, { name: "stdout", max: 100 }, errors],
    });
    const results = await together([manager, doubling], [pipe([1, 1], [0, 3]), pipe([0, 4], [1, 0])]);
    expect(results).toMatchObject([
      { status: "Accepted", files: { stdout: "42\n" } },
      { status: "Accepted", files: { stderr: "had 21\n" } },
    ]);
  });

  it("see the end of a pipe when the other one ends", async () => {
    const reader = shell("cat; echo end", { files: [null, { name: "stdout", max: 100 }, errors] });
    const writer = shell("echo last; exit 3", { files: [{ content: "" }, null, errors] });
    expect(await together([writer, reader], [pipe([0, 1], [1, 0])])).toMatchObject([
      { status: "Nonzero Exit Status", exitStatus: 3 },
      { status: "Accepted", files: { stdout: "last\nend\n" } },
    ]);
  });

  it("get SIGPIPE from a pipe that nobody reads, and none from a proxy", async () => {
    const reader = shell("read x; exit 0", { files: [null, { name: "stdout", max: 100 }, errors] });
    const writer = shell("head -c 1000000 /dev/zero | tr '\\0' '\\n'; exit 0", {
      files: [{ content: "" }, null, errors],
    });
    const endless = shell("while echo x; do :; done", {
      files: [{ content: "" }, null, null],
      cpuLimit: 1e9,
    });
    const [broken] = await together([endless, reader], [pipe([0, 1], [1, 0])]);
    expect(broken).toMatchObject({ status: "Signalled", exitStatus: 13 });
    const [proxied] = await together([writer, reader], [pipe([0, 1], [1, 0], { proxy: true })]);
    expect(proxied).toMatchObject({ status: "Accepted", exitStatus: 0 });
    const [kept] = await together(
      [writer, reader],
      [pipe([0, 1], [1, 0], { proxy: true, name: "said", max: 4 })],
    );
    expect(kept).toMatchObject({ status: "Accepted", files: { said: "\n\n\n\n" } });
  });

  it("go on without one that can't start", async () => {
    const reader = shell("cat; echo end", { files: [null, { name: "stdout", max: 100 }, errors] });
    const bad = shell("echo never", {
      files: [{ content: "" }, null, errors],
      copyIn: { "/x": { content: "" } },
    });
    expect(await together([bad, reader], [pipe([0, 1], [1, 0])])).toMatchObject([
      { status: "File Error", time: 0 },
      { status: "Accepted", files: { stdout: "end\n" } },
    ]);
    const missing = { ...bad, args: ["/bin/none"], copyIn: {} };
    expect(await together([missing, reader], [pipe([0, 1], [1, 0])])).toMatchObject([
      { status: "Internal Error" },
      { status: "Accepted", files: { stdout: "end\n" } },
    ]);
  });

  it("may have nothing to say to each other, and as many as there are slots", async () => {
    const results = await together(
      ["a", "b", "c", "d"].map((text) => shell(`echo ${text}`)),
      [],
    );
    expect(results.map(({ files }) => files)).toEqual(
      ["a\n", "b\n", "c\n", "d\n"].map((stdout) => ({ stdout, stderr: "" })),
    );
  });

  it("share the slots with other requests", async () => {
    const pairs = Array.from({ length: 6 }, () => together([asking, doubling], bothWays([{}, {}])));
    const singles = Array.from({ length: 6 }, () => service?.post({ cmd: [shell("echo one")] }));
    for (const results of await Promise.all(pairs))
      expect(results.map(({ status }) => status)).toEqual(["Accepted", "Accepted"]);
    for (const single of singles) expect(await single).toMatchObject({ body: [{ status: "Accepted" }] });
  });
});
