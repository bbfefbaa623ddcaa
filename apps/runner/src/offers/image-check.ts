import { Digest } from "@assay/contracts";
import type { ImageOffer } from "@assay/contracts";
import type { ImageStore } from "@assay/images";

/** Reads an image again and says whether it can be offered, and if not, why. Never throws. */
export async function checkImage(store: ImageStore, name: string): Promise<ImageOffer> {
  try {
    const { digest, state, reason } = await store.verify(name);
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
