import type { WebSocket } from "@fastify/websocket";
import { SandboxError } from "@assay/sandbox";
import type { FastifyBaseLogger } from "fastify";
import type { LiveOutput, LiveRequest } from "../../engine/live-request.ts";
import { RequestError } from "../../model/request-error.ts";
import type { Request } from "../../model/request.ts";
import type { Services } from "../../services.ts";
import { closeWith, closing, deliver } from "../sockets.ts";
import { outputFrame, readFrame, responseFrame, type ClientFrame } from "./frames.ts";

/** Input that waits for a program to read it; beyond, nothing more is taken from the client. */
const MAX_WAITING_BYTES = 1024 * 1024;

/**
 * One connection of the stream interface.
 *
 * `idle → (request) → running → (all commands ended, or an error) → closed`. Inputs and resizes are
 * handled in their order, one after the other; a cancel overtakes inputs that wait.
 */
export class StreamSession {
  readonly #socket: WebSocket;
  readonly #services: Services;
  readonly #log: FastifyBaseLogger;
  readonly #ending = new AbortController();
  #running: Promise<LiveRequest> | null = null;
  #order: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(socket: WebSocket, services: Services, log: FastifyBaseLogger) {
    this.#socket = socket;
    this.#services = services;
    this.#log = log;
  }

  receive(data: Buffer): void {
    try {
      const frame = readFrame(data);
      if (frame.kind === "request") this.#start(frame.request);
      else if (this.#running === null)
        throw new RequestError(400, "the first stream request must be exec request");
      else if (frame.kind === "cancel") this.end();
      else this.#enqueue(frame, data.byteLength, this.#running);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The client has left or asks for the end: its programs end. */
  end(): void {
    this.#ending.abort(new Error("cancelled"));
  }

  #start(request: Request): void {
    if (this.#running !== null) throw new RequestError(400, "invalid request: a second one");
    if (request.cmd.length === 0) throw new RequestError(400, "no cmd provided");
    this.#running = this.#services.engine.open(request, this.#ending.signal);
    void this.#serve(this.#running).catch((error: unknown) => this.#fail(error));
  }

  async #serve(running: Promise<LiveRequest>): Promise<void> {
    const live = await running;
    await Promise.all(live.outputs().map((output) => this.#pump(output)));
    await this.#send(responseFrame(await live.results, ""));
    closeWith(this.#socket, closing.done, "");
  }

  async #pump({ index, fd, pieces }: LiveOutput): Promise<void> {
    for await (const piece of pieces) await this.#send(outputFrame(index, fd, piece));
  }

  #send(message: Buffer): Promise<void> {
    return deliver(this.#socket, message, { binary: true, silenceMs: this.#services.sockets.silenceMs });
  }

  #enqueue(frame: ClientFrame, bytes: number, running: Promise<LiveRequest>): void {
    this.#waiting += bytes;
    if (this.#waiting > MAX_WAITING_BYTES) this.#socket.pause();
    this.#order = this.#inOrder(this.#order, frame, bytes, running).catch((error: unknown) =>
      this.#fail(error),
    );
  }

  async #inOrder(
    before: Promise<void>,
    frame: ClientFrame,
    bytes: number,
    running: Promise<LiveRequest>,
  ): Promise<void> {
    await before;
    await handle(frame, await running);
    this.#waiting -= bytes;
    if (this.#waiting <= MAX_WAITING_BYTES) this.#socket.resume();
  }

  /** Whatever went wrong, nothing of the connection goes on. */
  #fail(error: unknown): void {
    const isExpected = this.#ending.signal.aborted || this.#socket.readyState !== this.#socket.OPEN;
    this.end();
    const isRefusal =
      error instanceof RequestError ||
      error instanceof RangeError ||
      (error instanceof SandboxError && !error.blamesMachine);
    if (isRefusal) {
      closeWith(this.#socket, closing.refused, error.message);
    } else {
      if (!isExpected) this.#log.error({ err: error }, "a stream failed");
      this.#socket.terminate();
    }
  }
}

async function handle(frame: ClientFrame, live: LiveRequest): Promise<void> {
  if (frame.kind === "input") await live.write(frame.index, frame.fd, frame.bytes);
  if (frame.kind === "resize") {
    const { index, fd, rows, cols, x, y } = frame;
    live.resize(index, fd, { rows, columns: cols, x, y });
  }
}
