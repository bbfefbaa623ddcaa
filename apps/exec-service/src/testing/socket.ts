import { once } from "node:events";

/** A WebSocket client that keeps what it gets until somebody asks. */
export class TestSocket implements Disposable {
  readonly #socket: WebSocket;
  readonly #received: (string | Buffer)[] = [];
  readonly #ended = Promise.withResolvers<{ code: number; reason: string }>();
  #wake: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => {
      this.#received.push(typeof data === "string" ? data : Buffer.from(data as ArrayBuffer));
      this.#wake();
    });
    socket.addEventListener("close", ({ code, reason }) => {
      this.#ended.resolve({ code, reason });
      this.#wake();
    });
  }

  static async open(serviceUrl: string, path: string): Promise<TestSocket> {
    const socket = new WebSocket(new URL(path, serviceUrl.replace("http", "ws")));
    const one = new TestSocket(socket);
    await once(socket, "open");
    return one;
  }

  /** How the server closed the connection. */
  get ended(): Promise<{ code: number; reason: string }> {
    return this.#ended.promise;
  }

  send(data: string | Uint8Array): void {
    this.#socket.send(typeof data === "string" ? data : Uint8Array.from(data));
  }

  /** The next message; rejects when there will be none. */
  async next(): Promise<string | Buffer> {
    while (this.#received.length === 0) {
      if (this.#socket.readyState === WebSocket.CLOSED) throw new Error("the connection is closed");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#received.shift() ?? "";
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}
