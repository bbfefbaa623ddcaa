import { z } from "zod";
import { bad } from "./bad.ts";

/** `sha256:` and 64 hex digits: the one algorithm that every tool knows, and the one that is trusted here. */
const pattern = /^sha256:([0-9a-f]{64})$/;

/** A digest of any algorithm, as documents may name it. */
export const AnyDigest = z.string().max(200);

/**
 * The hex digits of a digest.
 *
 * @throws ImageError `bad_archive` for another algorithm or form: the digits become a file's name
 */
export const hexOf = (digest: string, what: string): string => {
  const hex = pattern.exec(digest)?.[1];
  if (hex === undefined)
    throw bad(`The digest of ${what}, ${JSON.stringify(digest.slice(0, 100))}, is not one of sha256`);
  return hex;
};

export const ociDigest = (hex: string): string => `sha256:${hex}`;
