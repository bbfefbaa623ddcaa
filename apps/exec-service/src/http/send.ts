import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";

/** A client that takes nothing of its answer for so long is left. */
const STALLED_MS = 60_000;

/** Sends pieces as fast as the client takes them. */
export function sendPieces(
  reply: FastifyReply,
  pieces: Iterable<string> | AsyncIterable<Uint8Array>,
): FastifyReply {
  // It ends with the answer: the server sets another one for the next request of the connection.
  reply.raw.setTimeout(STALLED_MS);
  return reply.send(Readable.from(pieces, { objectMode: false }));
}
