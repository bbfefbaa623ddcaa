import { once } from "node:events";
import { fastify } from "fastify";
import websocket, { type WebSocket } from "@fastify/websocket";
import { expect, it } from "vitest";
import { rawConnection } from "../../testing/service.ts";
import { deliver, keepAlive } from "../sockets.ts";

const upgrade =
  "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n";

/** A server whose connections are served so, and a client that never says anything. */
async function silentClient(serve: (socket: WebSocket) => void) {
  const app = fastify();
  await app.register(websocket);
  app.get("/", { websocket: true }, serve);
  const client = await rawConnection(await app.listen({ host: "127.0.0.1", port: 0 }));
  client.on("error", () => undefined);
  client.write(upgrade);
  return {
    client,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await app.close();
    },
  };
}

it("cuts a client that answers no ping", async () => {
  await using silent = await silentClient((socket) => keepAlive(socket, { pingMs: 5, silenceMs: 20 }));
  silent.client.resume();
  await once(silent.client, "close");
  expect(silent.client.destroyed).toBe(true);
});

it("keeps a client that answers", async () => {
  const pongs = Promise.withResolvers<void>();
  let count = 0;
  await using silent = await silentClient((socket) => {
    keepAlive(socket, { pingMs: 5, silenceMs: 60_000 });
    socket.on("pong", () => {
      count += 1;
      if (count === 3) pongs.resolve();
    });
  });
  // An empty, masked pong.
  silent.client.on("data", () => silent.client.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0])));
  await pongs.promise;
  expect(silent.client.destroyed).toBe(false);
});

it("cuts a client that takes nothing of what it is sent", async () => {
  const failed = Promise.withResolvers<unknown>();
  await using silent = await silentClient((socket) => {
    const large = Buffer.alloc(32 * 1024 * 1024);
    deliver(socket, large, { binary: true, silenceMs: 20 }).catch(failed.resolve);
  });
  silent.client.pause();
  expect(await failed.promise).toBeInstanceOf(Error);
});
