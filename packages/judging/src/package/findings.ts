import { AssayError } from "@assay/contracts";
import type { ErrorIssue } from "@assay/contracts";

/**
 * What is found while a package is read. Everything is gathered before anything is thrown, so that
 * an author sees all of it at once.
 */
export class Findings {
  readonly #invalid: ErrorIssue[] = [];
  readonly #unsupported: ErrorIssue[] = [];
  readonly #warnings: ErrorIssue[] = [];

  /** The package breaks its format. */
  invalid(where: string, line: number | null, message: string): void {
    this.#invalid.push({ where, line, message });
  }

  /** The package is sound but needs `feature`, which this version can't judge. */
  unsupported(where: string, line: number | null, feature: string): void {
    this.#unsupported.push({ where, line, message: `${feature} can't be judged by this version` });
  }

  warn(where: string, line: number | null, message: string): void {
    this.#warnings.push({ where, line, message });
  }

  get warnings(): readonly ErrorIssue[] {
    return this.#warnings;
  }

  /** A missing feature comes first: it often is the reason why the rest looks wrong. */
  get errors(): readonly ErrorIssue[] {
    return [...this.#unsupported, ...this.#invalid];
  }

  /** Throws AssayError `package_unsupported` or `package_invalid`. */
  throwIfAny(): void {
    const issues = this.errors;
    const [first] = issues;
    if (first === undefined) return;
    const code = this.#unsupported.length > 0 ? "package_unsupported" : "package_invalid";
    const others = issues.length === 1 ? "" : ` (and ${issues.length - 1} more)`;
    throw new AssayError(code, `${formatIssue(first)}${others}`, { issues });
  }
}

/** For example `problem.yaml:3: unknown key "limit"`. */
export const formatIssue = (issue: ErrorIssue): string =>
  `${issue.where}${issue.line === null ? "" : `:${issue.line}`}: ${issue.message}`;
