/**
 * This machine lacks what a job needs, and another may have it: a language, a second slot. Never the
 * fault of whoever submitted or set the problem, so the job goes back instead of getting a verdict.
 */
export class NotHere extends Error {
  override readonly name = "NotHere";
  /** The language that a program of the package needs, where that is what is missing. */
  readonly language: string | null;

  constructor(message: string, language: string | null = null) {
    super(message);
    this.language = language;
  }
}
