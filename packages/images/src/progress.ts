/**
 * How far a build is. Phases come in this order, each at least once:
 *
 * - `prepare`: lock, space, sources; the image below
 * - `index`: choosing packages by the mirror's lists, unless a lock names them
 * - `download`: packages, `done` and `total` in bytes
 * - `extract`: unpacking them; `done` and `total` count packages
 * - `trim`: removing what no box needs, packages of npm
 * - `finish`: commands that finish the image and probe it; `done` and `total` count commands
 * - `digest`: `done` in bytes
 * - `layers`: compressing them for the store's OCI layout, and for an export
 * - `done`
 */
export type BuildPhase =
  | "prepare"
  | "index"
  | "download"
  | "extract"
  | "trim"
  | "finish"
  | "digest"
  | "layers"
  | "done";

export interface BuildProgress {
  readonly phase: BuildPhase;
  readonly done: number;
  /** Null when it can't be known. */
  readonly total: number | null;
  /** For people: what is being done now. */
  readonly message: string;
}
