import { once } from "node:events";
import { createServer } from "node:net";
import type { Socket } from "node:net";
import { join } from "node:path";
import { temporaryDirectory } from "@assay/testing";
import { FrameSplitter } from "../frames.ts";
import { frame, outcome, str16, u16, u32, u8 } from "./bytes.ts";
import type { OutcomeBytes } from "./bytes.ts";

// Plays sandboxd's side of real sockets, for what sandboxd itself does not do: to break the protocol,
// and to answer when the test says so.

export interface Peer extends AsyncDisposable {
  /** Of the first slot. */
  readonly path: string;
  readonly directory: string;
}

/** Serves as many sockets as there are slots; `answer` is called for each connection. */
export async function peer(answer: (socket: Socket, slot: number) => void, slots = 1): Promise<Peer> {
  const directory = await temporaryDirectory();
  const sockets = new Set<Socket>();
  const servers = Array.from({ length: slots }, (_, slot) =>
    createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
      answer(socket, slot);
    }).listen(join(directory.path, `slot-${slot}.sock`)),
  );
  await Promise.all(servers.map((server) => once(server, "listening")));
  return {
    path: join(directory.path, "slot-0.sock"),
    directory: directory.path,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      for (const server of servers) server.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

/** A frame of a client: its type, the id of the run it speaks of, and all of it. */
export interface Asked {
  readonly type: number;
  readonly runId: number;
  readonly payload: Buffer;
}

/** Calls back for each frame of the client but its hello. */
export function onAsked(socket: Socket, callback: (asked: Asked) => void): void {
  const frames = new FrameSplitter((payload) => {
    const type = payload.readUInt8(0);
    if (type !== 1) callback({ type, runId: payload.readUInt32LE(1), payload });
  });
  socket.on("data", (data: Buffer) => frames.push(data));
}

/** A greeting of version 3: isolation 1, uid 65536, instance "i", kernel "k". */
export const hello = (slot = 0, slots = 1): Buffer =>
  frame(u8(129), u16(3), u16(slot), u16(slots), u32(1), u32(65_536), str16("i"), str16("k"));

/** An exit with 0. */
export const outcomeOf = (runId: number, change: OutcomeBytes = {}): Buffer =>
  frame(outcome({ runId, ...change }));

export const errorOf = (runId: number, code: number, message: string): Buffer =>
  frame(u8(132), u32(runId), u16(code), str16(message));
