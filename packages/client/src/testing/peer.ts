import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";

export interface Peer extends AsyncDisposable {
  readonly url: string;
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/**
 * A real HTTP server on the loopback whose answers the test writes byte for byte. What a listener
 * throws breaks its connection and is thrown again when the peer is disposed of.
 */
export async function startPeer(listener: Listener): Promise<Peer> {
  const failures: unknown[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      try {
        await listener(request, response);
      } catch (error) {
        failures.push(error);
        response.destroy();
      }
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the peer has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
      if (failures.length > 0) throw failures[0];
    },
  };
}

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export function answerJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(value));
}

export function answerProblem(
  response: ServerResponse,
  status: number,
  code: string,
  extra: { retryAfter?: string; issues?: readonly unknown[] } = {},
): void {
  response.writeHead(status, {
    "content-type": "application/problem+json",
    ...(extra.retryAfter === undefined ? {} : { "retry-after": extra.retryAfter }),
  });
  response.end(
    JSON.stringify({
      type: `urn:assay:error:${code}`,
      title: "A title.",
      status,
      code,
      detail: `detail of ${code}`,
      fault: status >= 500 ? "platform" : "client",
      issues: extra.issues ?? [],
      correlationId: "c-1",
    }),
  );
}
