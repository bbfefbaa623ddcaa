import multipart from "@fastify/multipart";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Services } from "../../services.ts";
import { sendPieces } from "../../http/send.ts";
import { RequestError } from "../../model/request-error.ts";
import type { FileStore } from "../../store/file-store.ts";
import { attachment, contentType } from "./headers.ts";

type ById = { Params: { id: string } };

/** /file: stores, lists, gives back and removes files. */
export async function fileRoutes(app: FastifyInstance, { store, maxFileBytes }: Services): Promise<void> {
  await app.register(multipart, {
    limits: { fileSize: maxFileBytes, files: 1, fields: 16, fieldSize: 1024, headerPairs: 32 },
  });

  app.get("/file", async (_request, reply) =>
    reply.type("application/json; charset=utf-8").send(JSON.stringify(Object.fromEntries(store.list()))),
  );

  app.post("/file", async (request, reply) => {
    const id = await receive(request, store);
    return reply.type("application/json; charset=utf-8").send(JSON.stringify(id));
  });

  app.get<ById>("/file/:id", async (request, reply) => {
    const file = store.get(request.params.id);
    if (file === null) return reply.code(404).send();
    const release = (): void => void file[Symbol.asyncDispose]();
    if (reply.raw.destroyed) return release();
    reply.raw.once("close", release);
    const pieces = file.pieces();
    const first = await pieces.next();
    return sendPieces(
      reply
        .header("Content-Disposition", attachment(file.name))
        .header("Content-Length", file.size)
        .header("X-Content-Type-Options", "nosniff")
        .type(contentType(first.done ? Buffer.alloc(0) : first.value)),
      rejoined(first, pieces),
    );
  });

  app.delete<ById>("/file/:id", async (request, reply) =>
    reply.code(store.remove(request.params.id) ? 200 : 404).send(),
  );
}

/** Stores the part named `file` while it comes in. */
async function receive(request: FastifyRequest, store: FileStore): Promise<string> {
  const part = await request.file().catch(broken);
  if (part?.fieldname !== "file") throw new RequestError(400, "the form has no file named file");
  const id = await store.add(part.filename, received(part.file));
  if (!part.file.truncated) return id;
  store.remove(id);
  throw new RequestError(413, "the file is too large for the file store");
}

/** What goes wrong with a form that comes in is its sender's doing; what goes wrong with storing it is not. */
async function* received(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* pieces;
  } catch (error) {
    broken(error);
  }
}

function broken(error: unknown): never {
  throw new RequestError(400, `the form can't be read: ${error instanceof Error ? error.message : "broken"}`);
}

async function* rejoined(first: IteratorResult<Buffer>, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (!first.done) yield first.value;
  yield* rest;
}
