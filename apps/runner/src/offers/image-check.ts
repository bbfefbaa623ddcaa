import { Digest } from "@assay/contracts";
import type { ImageOffer } from "@assay/contracts";
import type { ImageStore } from "@assay/images";

/**
 * Says whether an image can be offered, and if not, why. Reads it from beginning to end if asked to;
 * otherwise that is done before the first job runs on it. Never throws.
 */
export async function checkImage(store: ImageStore, name: string, how: "look" | "read"): Promise<ImageOffer> {
  try {
    const { digest, state, reason } = await (how === "read" ? store.verify(name) : store.look(name));
    const known = Digest.safeParse(digest);
    if (state === "ready" && !known.success) {
      return { name, digest: null, state: "damaged", reason: `the image ${name} has no digest` };
    }
    return { name, digest: known.success ? known.data : null, state, reason };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { name, digest: null, state: "damaged", reason: `the image ${name} can't be checked: ${why}` };
  }
}
