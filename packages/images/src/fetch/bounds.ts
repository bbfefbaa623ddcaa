import type { PublishedImage } from "@assay/contracts";
import { unpackLimits } from "../oci/limits.ts";

/** What unpacking one image may take: no other can be unpacked on the machine meanwhile. */
export interface UnpackBounds {
  readonly seconds: number;
  /** Files of the image; more is refused. */
  readonly sizeBytes: number;
  readonly entries: number;
  /** What its layers come to: headers, and files that a layer above replaces, besides. */
  readonly layerBytes: number;
}

/** A machine of two cores that does much else unpacks 14 to 36 MB of files a second. */
const slowestBytesPerSecond = 1e6;
/** Starting the process, and entries that hold nothing. */
const leastSeconds = 120;
const longestSeconds = 30 * 60;
/** Images of toolchains shrink to a third or a fifth; one that claims more gets no time for it. */
const mostShrunk = 20;
const besidesBytes = 256 * 1024 ** 2;

/** By what was told of the image, which is as trustworthy as whoever published it. */
export const boundsOf = ({
  sizeBytes,
  transferBytes,
}: Pick<PublishedImage, "sizeBytes" | "transferBytes">): UnpackBounds => {
  const plausible = Math.min(sizeBytes, mostShrunk * transferBytes);
  return {
    seconds: Math.min(longestSeconds, Math.ceil(leastSeconds + plausible / slowestBytesPerSecond)),
    sizeBytes,
    entries: unpackLimits.entries,
    layerBytes: Math.min(unpackLimits.totalBytes, 2 * sizeBytes + besidesBytes),
  };
};
