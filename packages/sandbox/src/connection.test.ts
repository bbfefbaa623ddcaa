import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { writeFile } from "node:fs/promises";
import { defaultRunLimits } from "@assay/contracts";
import { temporaryDirectory } from "@assay/testing";
import { describe, expect, it } from "vitest";
import { SlotConnection } from "./connection.ts";
import { connectSandbox } from "./pool.ts";
import type { RunSpec } from "./spec.ts";
import { encodeRun } from "./wire.ts";

// A peer that misbehaves can't be had from sandboxd itself: these tests play one on a real socket.

const spec: RunSpec = {
  image: "a".repeat(64),
  argv: ["/bin/true"],
  env: {},
  limits: defaultRunLimits,
  stdin: new Uint8Array(),
  base: null,
  files: [],
  keep: null,
  collect: null,
  onOutputLimit: "discard",
};

const never = new AbortController().signal;

const frame = (type: number, payload: string): Buffer => {
  const bytes = Buffer.from(payload.replaceAll(" ", ""), "hex");
  const header = Buffer.alloc(5);
  header.writeUInt32LE(1 + bytes.length, 0);
  header.writeUInt8(type, 4);
  return Buffer.concat([header, bytes]);
};

// version 1, slot 0 of 1, isolation 1, uid 65536, instance "i", kernel "k"
const hello = frame(129, "0100 0000 0100 01000000 00000100 010069 01006b");

const zeros = (bytes: number): string => "00".repeat(bytes);

// an exit with 0: usage, no refused calls, no message, no artifact, empty outputs, nothing collected
const outcomeOf = (runId: number): Buffer =>
  frame(
    130,
    `${Buffer.from([runId]).toString("hex")}000000 00 00000000 00000000 ${zeros(32 + 8 + 12 + 16 + 24 + 4)} 0000 0000 ${zeros(32 + 16 + 2)}`,
  );

interface Peer extends AsyncDisposable {
  readonly path: string;
  readonly directory: string;
}

async function peer(answer: (socket: Socket) => void): Promise<Peer> {
  const directory = await temporaryDirectory();
  const path = join(directory.path, "slot-0.sock");
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    answer(socket);
  });
  server.listen(path);
  await once(server, "listening");
  return {
    path,
    directory: directory.path,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

const run = async (connection: SlotConnection, runId = 7) => connection.run(encodeRun(runId, spec), null);

describe("a slot's connection", () => {
  it("greets, runs, and reads an answer that comes byte by byte", async () => {
    await using slot = await peer((socket) => {
      socket.write(hello);
      socket.on("data", (data: Buffer) => {
        if (data.length < 100) return;
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
    ["another version", frame(129, "0200"), "protocol"],
    ["an outcome that nobody asked for", outcomeOf(7), "protocol"],
    ["a refusal", frame(132, "00000000 0800 0100 78"), "protocol"],
    ["a failure of the platform", frame(132, "00000000 0900 0100 78"), "unavailable"],
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
    ["a count of artifacts", frame(131, "00000000"), "protocol"],
    ["a second greeting", hello, "protocol"],
    ["half an outcome and hangs up", outcomeOf(7).subarray(0, 60), "unavailable"],
    ["an outcome that lies about its size", frame(130, "07000000 00"), "protocol"],
    ["a frame of 4 GiB", Buffer.from([255, 255, 255, 255, 130]), "protocol"],
    ["nothing and hangs up", "end", "unavailable"],
  ])("rejects a run that is answered with %s", async (what, bytes, code) => {
    await using slot = await peer((socket) => {
      socket.write(hello);
      socket.on("data", (data: Buffer) => {
        if (data.length < 100) return;
        if (bytes !== "end") socket.write(bytes);
        if (what.endsWith("hangs up")) socket.end();
      });
    });
    await using connection = await SlotConnection.open(slot.path, never);
    await expect(run(connection)).rejects.toMatchObject({ code });
    expect((await connection.closed).code).toBe(code);
    await expect(run(connection)).rejects.toMatchObject({ code });
  });

  it("stays usable after an error that concerns only the run", async () => {
    await using slot = await peer((socket) => {
      socket.write(hello);
      socket.on("data", (data: Buffer) => {
        if (data.length < 100) return;
        socket.write(data[5] === 1 ? frame(132, "01000000 0300 0400 6e6f6e65") : outcomeOf(2));
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
      socket.write(hello);
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
      socket.write(hello);
      socket.on("data", (data: Buffer) => {
        if (data.length < 21) return;
        const runId = data[5] ?? 0;
        order.push(data.length < 100 ? "forget" : runId);
        socket.write(data.length < 100 ? frame(131, "02000000") : outcomeOf(runId));
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
    await using slot = await peer((socket) => socket.write(hello));
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
