import { ImageError } from "../errors.ts";

/** An image from elsewhere can't be used: what, where, and why. */
export const bad = (message: string, cause?: unknown): ImageError =>
  new ImageError("bad_archive", `${message}.`, cause === undefined ? {} : { cause });

/** A name from an archive, one character per byte, as it can stand in a message: quoted, escaped, not endless. */
export const show = (name: string): string => {
  const text = Buffer.from(name.length > 120 ? name.slice(0, 120) : name, "latin1").toString("utf8");
  return JSON.stringify(name.length > 120 ? `${text}…` : text);
};
