import { sandboxOrSkip, untilTrue } from "@assay/testing";
import { afterAll, describe, expect, it } from "vitest";
import { command, isSleeping, shell, startTestService } from "../../testing/service.ts";
import { TestSocket } from "../../testing/socket.ts";

const box = await sandboxOrSkip({ slots: 3 });
afterAll(() => box[Symbol.asyncDispose]());

const service = box.skip === null ? await startTestService(box.get()) : null;
afterAll(() => service?.[Symbol.asyncDispose]());

const connected = (url = service?.url ?? ""): Promise<TestSocket> => TestSocket.open(url, "/ws");
const request = (requestId: string, ...cmd: object[]): string => JSON.stringify({ requestId, cmd });
const sleeping = (seconds: string): object => command(["/bin/sleep", seconds], { clockLimit: 110e9 });
const nextOf = async (socket: TestSocket): Promise<unknown> => JSON.parse(String(await socket.next()));

describe.skipIf(box.skip)(`/ws ${box.skip ?? ""}`, () => {
  it("answers requests as they end, and cancels one that runs", async () => {
    using socket = await connected();
    socket.send(request("slow", sleeping("102.25")));
    await untilTrue(() => isSleeping("102.25"), "the slow request runs");
    socket.send(request("fast", shell("echo fast")));
    expect(await nextOf(socket)).toMatchObject({
      requestId: "fast",
      results: [{ status: "Accepted", files: { stdout: "fast\n" } }],
    });
    socket.send(JSON.stringify({ cancelRequestId: "slow" }));
    expect(await nextOf(socket)).toMatchObject({
      requestId: "slow",
      results: [{ status: "Signalled", exitStatus: 9 }],
    });
  });

  it("cancels one that waits, without any results", async () => {
    await using narrow = await startTestService(box.get(), { parallelism: 1 });
    using socket = await connected(narrow.url);
    socket.send(request("first", sleeping("103.25")));
    socket.send(request("second", shell("echo never")));
    socket.send(JSON.stringify({ cancelRequestId: "second" }));
    expect(await nextOf(socket)).toEqual({
      requestId: "second",
      results: [],
      error: "request cancelled before execute",
    });
    socket.send(JSON.stringify({ cancelRequestId: "none" }));
    socket.send(JSON.stringify({ cancelRequestId: "first" }));
    expect(await nextOf(socket)).toMatchObject({ requestId: "first" });
  });

  it("wants an id that no other request has while it runs", async () => {
    using socket = await connected();
    socket.send(request("", shell("echo x")));
    expect(await nextOf(socket)).toEqual({ requestId: "", results: null, error: "empty request id" });
    socket.send(request("a", sleeping("104.25")));
    socket.send(request("a", shell("echo x")));
    expect(await nextOf(socket)).toEqual({
      requestId: "a",
      results: null,
      error: "duplicated request id: a",
    });
    socket.send(JSON.stringify({ cancelRequestId: "a" }));
    expect(await nextOf(socket)).toMatchObject({ requestId: "a" });
    socket.send(request("a", shell("echo again")));
    expect(await nextOf(socket)).toMatchObject({ requestId: "a", results: [{ status: "Accepted" }] });
  });

  it("answers what can't be run", async () => {
    using socket = await connected();
    socket.send(request("none"));
    expect(await nextOf(socket)).toEqual({ requestId: "none", results: [] });
    socket.send(request("file", command(["/bin/true"], { copyIn: { a: { fileId: "NO" } } })));
    expect(await nextOf(socket)).toEqual({
      requestId: "file",
      results: [],
      error: "file not exists with id NO",
    });
  });

  it.each(["{", "[]", '{"cmd":1}', '{"requestId":"1","cmd":[{"files":[{"streamIn":true}]}]}'])(
    "ends a connection that says %s, and what runs for it",
    async (message) => {
      using socket = await connected();
      socket.send(request("slow", sleeping("105.25")));
      await untilTrue(() => isSleeping("105.25"), "the request runs");
      socket.send(message);
      expect(await socket.ended).toMatchObject({ code: 1007, reason: expect.stringMatching(/./) });
      await untilTrue(async () => !(await isSleeping("105.25")), "the program is gone");
    },
  );

  it("ends what runs for a client that leaves", async () => {
    const socket = await connected();
    socket.send(request("slow", sleeping("106.25")));
    await untilTrue(() => isSleeping("106.25"), "the request runs");
    socket[Symbol.dispose]();
    await untilTrue(async () => !(await isSleeping("106.25")), "the program is gone");
    expect(await service?.run(shell("echo next"))).toMatchObject({ status: "Accepted" });
  });

  it("takes no message larger than a request may be", async () => {
    await using small = await startTestService(box.get(), { bodyBytes: 2048 });
    using socket = await connected(small.url);
    socket.send(request("a", shell("x".repeat(4096))));
    expect(await socket.ended).toMatchObject({ code: 1009 });
    expect(await small.run(shell("echo fine"))).toMatchObject({ status: "Accepted" });
  });
});
