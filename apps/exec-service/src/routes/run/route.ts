import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import type { Services } from "../../services.ts";
import { clientGone } from "../../http/client-gone.ts";
import { readJson } from "../../http/json.ts";
import { sendPieces } from "../../http/send.ts";
import { encodeResults } from "../../model/encode.ts";
import { RequestError } from "../../model/request-error.ts";
import { parseRequest } from "../../model/request.ts";

/** POST /run: runs a request and answers with the results of its commands. */
export async function runRoute(app: FastifyInstance, { engine, bodies }: Services): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", async (_request: unknown, payload: Readable) => payload);
  app.post<{ Body: Readable | undefined }>("/run", async (request, reply) => {
    using body = await readJson(request.body ?? Readable.from([]), bodies);
    const asked = parseRequest(body.value, { streams: false });
    if (asked.cmd.length === 0) throw new RequestError(400, "no cmd provided");
    using client = clientGone(reply.raw);
    const results = await engine.run(asked, client.signal);
    return sendPieces(reply.type("application/json; charset=utf-8"), encodeResults(results));
  });
}
