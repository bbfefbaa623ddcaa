import { RequestError } from "../model/request-error.ts";
import type { ByteBudget } from "./byte-budget.ts";

/** A value that came as JSON; its bytes count in the budget until it is disposed. */
export interface JsonBody extends Disposable {
  readonly value: unknown;
}

/**
 * Reads a body as JSON, whatever its content type says: `curl -d` calls it a form.
 *
 * @throws RequestError
 */
export async function readJson(
  body: AsyncIterable<Uint8Array>,
  { maxBytes, budget }: { maxBytes: number; budget: ByteBudget },
): Promise<JsonBody> {
  let size = 0;
  using failed = new DisposableStack();
  const release = failed.adopt(budget, (one) => one.give(size));
  const pieces: Uint8Array[] = [];
  for await (const piece of body) {
    if (size + piece.byteLength > maxBytes)
      throw new RequestError(413, `a request has at most ${maxBytes} bytes here`);
    takeFrom(release, piece.byteLength);
    size += piece.byteLength;
    pieces.push(piece);
  }
  const value = parseJson(Buffer.concat(pieces));
  const kept = failed.move();
  return { value, [Symbol.dispose]: () => kept.dispose() };
}

/** @throws RequestError (503) */
export function takeFrom(budget: ByteBudget, bytes: number): void {
  if (!budget.take(bytes))
    throw new RequestError(503, "too many large requests at once; send it again later");
}

/** @throws RequestError (400) */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw new RequestError(
      400,
      `the request is no JSON: ${error instanceof Error ? error.message : "broken"}`,
    );
  }
}
