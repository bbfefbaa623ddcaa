import { resolve } from "node:path";
import { ImageError } from "../errors.ts";

const transports = ["oci", "oci-archive", "docker-archive"] as const;
type Transport = (typeof transports)[number];

/** Where an image from elsewhere is, or goes to. */
export interface ImageReference {
  readonly transport: Transport;
  /** Absolute. */
  readonly path: string;
  /** Which image of several; null when nothing is said. */
  readonly tag: string | null;
  /** As it was given. */
  readonly text: string;
}

/**
 * Parses `oci:DIR[:TAG]`, `oci-archive:FILE[:TAG]` or `docker-archive:FILE[:NAME[:TAG]]`, as skopeo has
 * them: the path ends at the first colon.
 *
 * @throws ImageError `bad_archive`
 */
export const parseReference = (text: string): ImageReference => {
  const match = /^([a-z-]+):([^:]+)(?::(.+))?$/s.exec(text);
  const transport = transports.find((name) => name === match?.[1]);
  const path = match?.[2];
  if (transport === undefined || path === undefined)
    throw new ImageError(
      "bad_archive",
      `${JSON.stringify(text.slice(0, 200))} is no image; say oci:DIR[:TAG], oci-archive:FILE[:TAG] or docker-archive:FILE[:NAME:TAG].`,
    );
  return { transport, path: resolve(path), tag: match?.[3] ?? null, text };
};
