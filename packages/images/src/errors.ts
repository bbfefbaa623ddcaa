/**
 * Why an image could not be built, found or trusted.
 *
 * - `tool_missing`: a program of the host that builds need is not installed; the message names its package
 * - `unreachable`: the Debian mirror can't be reached, or does not have what was asked for
 * - `not_available`: a locked package that no server has any more
 * - `disk_full`, `locked` (someone else builds this image), `cancelled`
 * - `missing`, `damaged`: nothing under this name, or not what was built
 * - `invalid_name`: a name that may not become a file name
 * - `bad_archive`: an image from elsewhere that is broken, lies, or can't be used here
 * - `too_large`: an image from elsewhere that passes a limit
 * - `exists`: what would be written is there already, and is not ours to change
 * - `build_failed`: everything else; the message holds the tool's last lines
 */
export type ImageErrorCode =
  | "tool_missing"
  | "unreachable"
  | "not_available"
  | "disk_full"
  | "locked"
  | "cancelled"
  | "missing"
  | "damaged"
  | "invalid_name"
  | "bad_archive"
  | "too_large"
  | "exists"
  | "build_failed";

export class ImageError extends Error {
  readonly code: ImageErrorCode;
  override readonly name = "ImageError";

  constructor(code: ImageErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}

/** The `code` of a system error (`ENOENT`, `ENOSPC`, …), or null. */
export const systemCode = (error: unknown): string | null =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
