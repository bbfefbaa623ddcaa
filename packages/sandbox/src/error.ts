/**
 * - `unknown_image`, `unknown_artifact`: sandboxd has nothing of that name
 * - `bad_path`: a file's path is not a plain relative one
 * - `out_of_range`: a value that sandboxd or the wire can't take; nothing ran
 * - `too_large`: the whole request passes what one run may carry
 * - `unsupported`: this kind of sandbox can't give what the run asks for; nothing ran
 * - `unavailable`: sandboxd is gone or failed; the run may or may not have begun
 * - `protocol`: the peer does not speak this version of the wire, or breaks it
 */
export type SandboxErrorCode =
  | "unknown_image"
  | "unknown_artifact"
  | "bad_path"
  | "out_of_range"
  | "too_large"
  | "unsupported"
  | "unavailable"
  | "protocol";

/** A run that sandboxd did not or could not report on. What a program does is an outcome, never this. */
export class SandboxError extends Error {
  readonly code: SandboxErrorCode;
  override readonly name = "SandboxError";

  constructor(code: SandboxErrorCode, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.code = code;
  }

  /** Whether it says that this machine can't run anything now, and not only that this run was refused. */
  get blamesMachine(): boolean {
    return this.code === "unavailable" || this.code === "protocol";
  }
}
