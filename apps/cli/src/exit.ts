/** What the exit code of every command means. */
export const exitCode = {
  /** As it should be. */
  ok: 0,
  /** Not so: a program failed, a verdict differs, a test is red. */
  notSo: 1,
  /** Bad usage or bad input. */
  usage: 2,
  /** The platform failed. */
  platform: 3,
  // As shells count what a signal ended, so that a script that runs the command ends with it.
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** An end of the command that needs no stack trace: a sentence and an exit code. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  readonly code: ExitCode;

  constructor(code: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What an error says, whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const usageError = (message: string): CommandFailure => new CommandFailure(exitCode.usage, message);
export const platformError = (message: string, cause?: unknown): CommandFailure =>
  new CommandFailure(exitCode.platform, message, { cause });
