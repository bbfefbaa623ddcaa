/** A small wrong program, and what its message is taken for. */
export interface Example {
  readonly code: string;
  readonly source: string;
  /** Where it is wrong; null where nothing says so. */
  readonly line: number | null;
  /** Default: an error. */
  readonly kind?: "warning";
  /** Beside it, by path. */
  readonly others?: Readonly<Record<string, string>>;
}
