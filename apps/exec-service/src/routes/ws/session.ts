import type { WebSocket } from "@fastify/websocket";
import type { FastifyBaseLogger } from "fastify";
import { QueueFull } from "../../engine/turns.ts";
import { parseJson, takeFrom } from "../../http/json.ts";
import { encodeResponse, joined } from "../../model/encode.ts";
import { RequestError } from "../../model/request-error.ts";
import { parseMessage, type Request } from "../../model/request.ts";
import type { Response } from "../../model/result.ts";
import type { Services } from "../../services.ts";
import { closeWith, closing, deliver } from "../sockets.ts";

/** Answers that a client has not taken yet; one that lets more pile up is left. */
const MAX_UNTAKEN_BYTES = 256 * 1024 * 1024;

/** The request was cancelled by its client. */
class Cancelled extends Error {}

/**
 * One client's requests. Each has an id that no other of its requests has while it runs; ids of
 * different connections have nothing to do with each other.
 */
export class MessageSession {
  readonly #socket: WebSocket;
  readonly #services: Services;
  readonly #log: FastifyBaseLogger;
  readonly #running = new Map<string, AbortController>();

  constructor(socket: WebSocket, services: Services, log: FastifyBaseLogger) {
    this.#socket = socket;
    this.#services = services;
    this.#log = log;
  }

  receive(data: Buffer): void {
    const { budget } = this.#services.bodies;
    try {
      takeFrom(budget, data.byteLength);
    } catch (error) {
      closeWith(this.#socket, closing.tooBusy, (error as Error).message);
      return;
    }
    void this.#handle(data)
      .catch((error: unknown) => this.#refuse(error))
      .finally(() => budget.give(data.byteLength));
  }

  /** The connection is closed: what runs for it ends. */
  end(): void {
    for (const running of this.#running.values()) running.abort(new Cancelled());
    this.#running.clear();
  }

  async #handle(data: Buffer): Promise<void> {
    const message = parseMessage(parseJson(data));
    if (message.kind === "cancel") this.#cancel(message.requestId);
    else await this.#send(await this.#answer(message.request));
  }

  async #answer(request: Request): Promise<Response> {
    const { requestId } = request;
    const notTaken = (error: string): Response => ({ requestId, results: null, error });
    if (requestId === "") return notTaken("empty request id");
    if (this.#running.has(requestId)) return notTaken(`duplicated request id: ${requestId}`);
    const cancelling = new AbortController();
    this.#running.set(requestId, cancelling);
    try {
      const results = await this.#services.engine.run(request, cancelling.signal);
      return { requestId, results, error: "" };
    } catch (error) {
      return { requestId, results: [], error: sentence(error) };
    } finally {
      if (this.#running.get(requestId) === cancelling) this.#running.delete(requestId);
    }
  }

  #cancel(requestId: string): void {
    this.#running.get(requestId)?.abort(new Cancelled());
    this.#running.delete(requestId);
  }

  async #send(response: Response): Promise<void> {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const message = joined(encodeResponse(response));
    if (
      this.#socket.bufferedAmount + message.byteLength > MAX_UNTAKEN_BYTES &&
      this.#socket.bufferedAmount > 0
    ) {
      this.#socket.terminate();
      return;
    }
    await deliver(this.#socket, message, { binary: false, silenceMs: this.#services.sockets.silenceMs });
  }

  #refuse(error: unknown): void {
    if (error instanceof RequestError) {
      closeWith(this.#socket, closing.broken, error.message);
      return;
    }
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#log.error({ err: error }, "a message could not be answered");
    this.#socket.terminate();
  }
}

/** @throws what is neither the client's doing nor its wish */
function sentence(error: unknown): string {
  if (error instanceof Cancelled) return "request cancelled before execute";
  if (error instanceof RequestError || error instanceof QueueFull) return error.message;
  throw error;
}
