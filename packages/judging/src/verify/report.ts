import type { ErrorIssue, Finding } from "@assay/contracts";

/** More of one kind say nothing new. */
const maxPerSubject = 5;
const maxFindings = 500;
const maxMessage = 1000;

const rank = ({ severity }: Finding): number => (severity === "error" ? 0 : 1);

/** Gathers what checks find. */
export class Report {
  readonly #findings: Finding[] = [];
  readonly #counts = new Map<string, number>();

  error(check: string, where: string, message: string, line: number | null = null): void {
    this.#add({ severity: "error", check, where, line, message });
  }

  warning(check: string, where: string, message: string, line: number | null = null): void {
    this.#add({ severity: "warning", check, where, line, message });
  }

  addIssues(severity: Finding["severity"], check: string, issues: readonly ErrorIssue[]): void {
    for (const { where, line, message } of issues) this.#add({ severity, check, where, line, message });
  }

  /**
   * One of possibly many findings of the same kind: beyond some of them only their number is told.
   *
   * @param kind what they have in common, for example the validator and what it does
   */
  oneOfMany(kind: string, finding: Omit<Finding, "line">): void {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    if (count <= maxPerSubject) this.#add({ ...finding, line: null });
    else if (count === maxPerSubject + 1) {
      this.#add({ ...finding, line: null, message: `${finding.message} (there are more like this)` });
    }
  }

  get hasErrors(): boolean {
    return this.#findings.some(({ severity }) => severity === "error");
  }

  /** Errors first, each in the order in which they were found. */
  get findings(): readonly Finding[] {
    return this.#findings.toSorted((one, other) => rank(one) - rank(other));
  }

  #add(finding: Finding): void {
    if (this.#findings.length >= maxFindings) return;
    const { message } = finding;
    this.#findings.push({
      ...finding,
      message: message.length > maxMessage ? `${message.slice(0, maxMessage)}…` : message,
    });
  }
}
