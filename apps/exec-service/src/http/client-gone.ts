import type { ServerResponse } from "node:http";

/** Aborts when the client leaves before it has its answer. */
export function clientGone(response: ServerResponse): { readonly signal: AbortSignal } & Disposable {
  const gone = new AbortController();
  const leave = (): void => {
    if (!response.writableFinished) gone.abort(new ClientGone());
  };
  response.once("close", leave);
  if (response.destroyed) leave();
  return { signal: gone.signal, [Symbol.dispose]: () => response.off("close", leave) };
}

/** Nobody waits for an answer any more. */
export class ClientGone extends Error {
  override readonly name = "ClientGone";
  override readonly message = "the client has left";
}
