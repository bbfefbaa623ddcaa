import type { WebSocket } from "@fastify/websocket";

/** A client that answers no ping, or takes nothing of what it is sent, for so long is cut off, ms. */
const silenceMs = 60_000;
const pingMs = 25_000;
/** What the protocol has room for. */
const maxReasonBytes = 123;

/** Pings a client, and cuts the connection when it answers none for too long. It ends with the connection. */
export function keepAlive(socket: WebSocket): void {
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

/** Resolves when a message has left this process; cuts a client that takes nothing for too long. */
export async function deliver(socket: WebSocket, message: object): Promise<void> {
  if (socket.readyState !== socket.OPEN) return;
  const sent = Promise.withResolvers<void>();
  const stalled = setTimeout(() => socket.terminate(), silenceMs);
  // A client that has left is told nothing, and that is no failure.
  socket.send(JSON.stringify(message), () => sent.resolve());
  await sent.promise;
  clearTimeout(stalled);
}

/** Ends a connection with a sentence for its client, as much of it as the protocol carries. */
export function closeWith(socket: WebSocket, code: number, reason: string): void {
  let text = reason.toWellFormed();
  while (Buffer.byteLength(text) > maxReasonBytes) text = text.slice(0, -1).toWellFormed();
  socket.close(code, text);
}
