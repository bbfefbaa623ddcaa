import { ApiError, isTemporary, type Client } from "@assay/client";
import { routes } from "@assay/contracts";
import type { ImageSource } from "@assay/images";

/** A part that brings nothing for so long is asked for again. */
const silentMs = 60_000;
/** A whole part, however slow the line is. */
const partMs = 6 * 60 * 60_000;

/** The parts of an image that is published on a server. */
export const serverSource = (client: Client, image: string): ImageSource => ({
  async *blob(blob, signal) {
    const silent = new AbortController();
    const timer = setTimeout(() => silent.abort(new ConnectionSilent()), silentMs);
    try {
      const bytes = client.bytes(routes.readImageBlob, {
        params: { digest: image, blob },
        signal: AbortSignal.any([signal, silent.signal]),
        timeoutMs: partMs,
      });
      for await (const chunk of bytes) {
        timer.refresh();
        yield chunk;
      }
    } finally {
      clearTimeout(timer);
    }
  },
  mayWorkLater: (error) =>
    error instanceof ConnectionSilent ||
    isTemporary(error) ||
    (error instanceof ApiError && error.status >= 500),
});

class ConnectionSilent extends Error {
  override readonly name = "ConnectionSilent";
  constructor() {
    super(`the server sent nothing for ${silentMs / 1000} s`);
  }
}
