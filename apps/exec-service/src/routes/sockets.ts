import type { WebSocket } from "@fastify/websocket";
import type { SocketTimes } from "../services.ts";

/** Codes of RFC 6455. */
export const closing = { done: 1000, broken: 1007, refused: 1008, tooBusy: 1013 } as const;

const MAX_REASON_BYTES = 123;

/** Ends a connection with a sentence for its client, as much of it as the protocol carries. */
export function closeWith(socket: WebSocket, code: number, reason: string): void {
  let text = reason.toWellFormed();
  while (Buffer.byteLength(text) > MAX_REASON_BYTES) text = text.slice(0, -1).toWellFormed();
  socket.close(code, text);
}

/** Pings a client, and cuts the connection when it answers none for too long. It ends with the connection. */
export function keepAlive(socket: WebSocket, { pingMs, silenceMs }: SocketTimes): void {
  let heardAt = performance.now();
  const timer = setInterval(() => {
    if (performance.now() - heardAt > silenceMs) socket.terminate();
    else socket.ping();
  }, pingMs);
  socket.on("pong", () => {
    heardAt = performance.now();
  });
  socket.on("close", () => clearInterval(timer));
}

/** Resolves when a message has left this process; cuts the connection of a client that takes nothing for too long. */
export async function deliver(
  socket: WebSocket,
  message: Buffer,
  options: { binary: boolean; silenceMs: number },
): Promise<void> {
  const sent = Promise.withResolvers<void>();
  const stalled = setTimeout(() => socket.terminate(), options.silenceMs);
  socket.send(message, { binary: options.binary }, (error) => (error ? sent.reject(error) : sent.resolve()));
  try {
    await sent.promise;
  } finally {
    clearTimeout(stalled);
  }
}
