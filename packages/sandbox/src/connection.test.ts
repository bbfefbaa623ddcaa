import type { Socket } from "node:net";
import { join } from "node:path";
import { writeFile } from "node:fs/promises";
import { temporaryDirectory } from "@assay/testing";
import { describe, expect, it } from "vitest";
import { SlotConnection } from "./connection.ts";
import { errorOf, hello, onAsked, outcomeOf, peer } from "./testing/peer.ts";
import { connectSandbox } from "./pool.ts";
import { encodeAlone, plainSpec as spec } from "./testing/spec.ts";
import { frame, u16, u32, u8 } from "./testing/bytes.ts";

const never = new AbortController().signal;

const run = async (connection: SlotConnection, runId = 7) =>
  connection.start(encodeAlone(runId, spec), null).report;

describe("a slot's connection", () => {
  it("greets, runs, and reads an answer that comes byte by byte", async () => {
    await using slot = await peer((socket) => {
      socket.write(hello());
      onAsked(socket, () => {
        for (const byte of outcomeOf(7)) socket.write(Buffer.from([byte]));
      });
    });
    await using connection = await SlotConnection.open(slot.path, never);
    expect(connection.hello).toEqual({
      slot: 0,
      slots: 1,
      isolation: ["namespaces"],
      uid: 65_536,
      instance: "i",
      kernel: "k",
    });
    const report = await run(connection);
    expect(report.outcome.status).toBe("exited");
    expect(connection.usable).toBe(true);
  });

  it.each<[string, Buffer | "end", string]>([
    ["random bytes", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"), "protocol"],
    ["another version", frame(u8(129), u16(1)), "protocol"],
    ["an outcome that nobody asked for", outcomeOf(7), "protocol"],
    ["a refusal", errorOf(0, 8, "x"), "protocol"],
    ["a failure of the platform", errorOf(0, 9, "x"), "unavailable"],
    ["nothing and hangs up", "end", "unavailable"],
  ])("refuses a peer that greets with %s", async (_what, bytes, code) => {
    await using slot = await peer((socket) => (bytes === "end" ? socket.end() : socket.write(bytes)));
    await expect(SlotConnection.open(slot.path, never)).rejects.toMatchObject({ code });
  });

  it("gives up on a silent peer when it is aborted", async () => {
    const abort = new AbortController();
    await using slot = await peer(() => abort.abort(new Error("enough")));
    await expect(SlotConnection.open(slot.path, abort.signal)).rejects.toThrow("enough");
  });

  it.each<[string, Buffer | "end", string]>([
    ["another run's outcome", outcomeOf(8), "protocol"],
    ["a count of artifacts", frame(u8(131), u32(0)), "protocol"],
    ["a second greeting", hello(), "protocol"],
    ["output of a descriptor that it has not", frame(u8(133), u32(7), u8(0), u8(1)), "protocol"],
    ["input taken that was not given", frame(u8(134), u32(7), u8(0), u32(1)), "protocol"],
    ["output of another run", frame(u8(133), u32(8), u8(0), u8(1)), "protocol"],
    ["half an outcome and hangs up", outcomeOf(7).subarray(0, 60), "unavailable"],
    ["an outcome that lies about its size", frame(u8(130), u32(7), u8(0)), "protocol"],
    ["a frame of 4 GiB", Buffer.from([255, 255, 255, 255, 130]), "protocol"],
    ["nothing and hangs up", "end", "unavailable"],
  ])("rejects a run that is answered with %s", async (what, bytes, code) => {
    await using slot = await peer((socket) => {
      socket.write(hello());
      onAsked(socket, () => {
        if (bytes !== "end") socket.write(bytes);
        if (what.endsWith("hangs up")) socket.end();
      });
    });
    await using connection = await SlotConnection.open(slot.path, never);
    await expect(run(connection)).rejects.toMatchObject({ code });
    expect((await connection.closed).code).toBe(code);
    await expect(run(connection)).rejects.toMatchObject({ code });
  });

  it("is not used again after an error that closes it", async () => {
    await using slot = await peer((socket) => {
      socket.write(hello());
      onAsked(socket, ({ runId }) => socket.write(errorOf(runId, 2, "too much")));
    });
    await using connection = await SlotConnection.open(slot.path, never);
    await expect(run(connection)).rejects.toMatchObject({ code: "too_large", message: "too much" });
    expect(connection.usable).toBe(false);
  });

  it("stays usable after an error that concerns only the run", async () => {
    await using slot = await peer((socket) => {
      socket.write(hello());
      onAsked(socket, ({ runId }) => {
        socket.write(runId === 1 ? errorOf(1, 3, "none") : outcomeOf(2));
      });
    });
    await using connection = await SlotConnection.open(slot.path, never);
    await expect(run(connection, 1)).rejects.toMatchObject({ code: "unknown_image", message: "none" });
    expect((await run(connection, 2)).outcome.exitCode).toBe(0);
  });
});

describe("connectSandbox", () => {
  it.each(["a directory without sockets", "a directory that is not there", "a socket that nobody serves"])(
    "says unavailable for %s",
    async (what) => {
      await using directory = await temporaryDirectory();
      if (what.startsWith("a socket")) await writeFile(join(directory.path, "slot-0.sock"), "");
      const runDirectory = what.endsWith("not there") ? join(directory.path, "none") : directory.path;
      await expect(connectSandbox({ runDirectory })).rejects.toMatchObject({
        name: "SandboxError",
        code: "unavailable",
      });
    },
  );

  it("rejects what waits when the peer has gone and patience is over", async () => {
    const seen: Socket[] = [];
    const slot = await peer((socket) => {
      seen.push(socket);
      socket.write(hello());
    });
    await using sandbox = await connectSandbox({ runDirectory: slot.directory, patienceMs: 0 });
    const running = sandbox.run(spec, { signal: null });
    const waiting = sandbox.run(spec, { signal: null });
    const waitingToo = sandbox.forget("all");
    const settled = Promise.allSettled([running, waiting, waitingToo]);
    await slot[Symbol.asyncDispose]();
    expect(seen).toHaveLength(1);
    expect((await settled).map((one) => one.status === "rejected" && one.reason.code)).toEqual([
      "unavailable",
      "unavailable",
      "unavailable",
    ]);
    await expect(sandbox.run(spec, { signal: null })).rejects.toMatchObject({ code: "unavailable" });
  });

  it("serves what waits in order, forgetting first", async () => {
    const order: (number | "forget")[] = [];
    await using slot = await peer((socket) => {
      socket.write(hello());
      onAsked(socket, ({ type, runId }) => {
        order.push(type === 4 ? "forget" : runId);
        socket.write(type === 4 ? frame(u8(131), u32(2)) : outcomeOf(runId));
      });
    });
    await using sandbox = await connectSandbox({ runDirectory: slot.directory });
    const abort = new AbortController();
    const first = sandbox.run(spec, { signal: null });
    const second = sandbox.run(spec, { signal: null });
    const aborted = sandbox.run(spec, { signal: abort.signal });
    const fourth = sandbox.run(spec, { signal: null });
    const forgotten = sandbox.forget("all");
    abort.abort(new Error("no more"));
    await expect(aborted).rejects.toThrow("no more");
    await expect(forgotten).resolves.toBe(2);
    await Promise.all([first, second, fourth]);
    expect(order).toEqual([1, "forget", 2, 4]);
    await expect(sandbox.run(spec, { signal: abort.signal })).rejects.toThrow("no more");
  });

  it("ends what runs and what waits when it is disposed", async () => {
    await using slot = await peer((socket) => socket.write(hello()));
    const sandbox = await connectSandbox({ runDirectory: slot.directory });
    const settled = Promise.allSettled([
      sandbox.run(spec, { signal: null }),
      sandbox.run(spec, { signal: null }),
    ]);
    await sandbox[Symbol.asyncDispose]();
    expect((await settled).map((one) => one.status === "rejected" && one.reason.code)).toEqual([
      "unavailable",
      "unavailable",
    ]);
    await expect(sandbox.run(spec, { signal: null })).rejects.toMatchObject({ code: "unavailable" });
  });
});
