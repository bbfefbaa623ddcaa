import { once } from "node:events";

export type Frame = Readonly<Record<string, unknown>>;

/** A client of Piston's WebSocket that keeps what it gets until somebody asks. */
export class PistonSocket implements Disposable {
  readonly #socket: WebSocket;
  readonly #frames: Frame[] = [];
  readonly #closed = Promise.withResolvers<{ code: number; reason: string }>();
  #wake: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      this.#frames.push(JSON.parse(String(data)) as Frame);
      this.#wake();
    });
    socket.addEventListener("close", ({ code, reason }) => {
      this.#closed.resolve({ code, reason });
      this.#wake();
    });
  }

  static async open(serverUrl: string, token: string): Promise<PistonSocket> {
    const url = new URL(`/piston/api/v2/connect?token=${token}`, serverUrl.replace("http", "ws"));
    const socket = new WebSocket(url);
    const one = new PistonSocket(socket);
    await Promise.race([once(socket, "open"), once(socket, "close")]);
    if (socket.readyState !== WebSocket.OPEN) throw new Error("the server did not take the connection");
    return one;
  }

  /** How the server closed the connection. */
  get closed(): Promise<{ code: number; reason: string }> {
    return this.#closed.promise;
  }

  send(frame: object | string): void {
    this.#socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  write(data: string): void {
    this.send({ type: "data", stream: "stdin", data });
  }

  /** The frames up to the first that is as asked for; rejects when there will be none. */
  async until(isIt: (frame: Frame) => boolean): Promise<Frame[]> {
    for (let seen = 0; ;) {
      for (; seen < this.#frames.length; seen++)
        if (isIt(this.#frames[seen] ?? {})) return this.#frames.splice(0, seen + 1);
      if (this.#socket.readyState === WebSocket.CLOSED)
        throw new Error(`the connection is closed after ${JSON.stringify(this.#frames)}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The frames up to this text in one stream of the program. */
  async untilText(text: string, stream = "stdout"): Promise<Frame[]> {
    let heard = "";
    return this.until((frame) => {
      if (frame["type"] === "data" && frame["stream"] === stream) heard += String(frame["data"]);
      return heard.includes(text);
    });
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}
