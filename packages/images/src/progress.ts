/**
 * How far a build is. Phases come in this order, each at least once:
 *
 * - `prepare`: lock, space, sources
 * - `index`: the mirror's package lists
 * - `download`: packages, `done` and `total` in bytes
 * - `extract`: unpacking them
 * - `trim`: removing what no box needs
 * - `finish`: commands that finish the image and probe it; `done` and `total` count commands
 * - `digest`: `done` in bytes
 * - `done`
 */
export type BuildPhase = "prepare" | "index" | "download" | "extract" | "trim" | "finish" | "digest" | "done";

export interface BuildProgress {
  readonly phase: BuildPhase;
  readonly done: number;
  /** Null when it can't be known. */
  readonly total: number | null;
  /** For people: what is being done now. */
  readonly message: string;
}

/** What one line of mmdebstrap's verbose standard error says about progress; keeps count of bytes. */
export const progressParser = (): ((line: string) => BuildProgress | null) => {
  let phase: BuildPhase = "prepare";
  let done = 0;
  let total: number | null = null;
  const event = (message: string): BuildProgress => ({ phase, done, total, message });

  return (line) => {
    if (line.startsWith("I: running apt-get update")) {
      phase = "index";
      return event("reading the mirror's package lists");
    }
    if (line.startsWith("I: downloading packages")) {
      phase = "download";
      done = 0;
      return event("choosing packages");
    }
    if (line.startsWith("I: extracting archives")) {
      phase = "extract";
      done = 0;
      total = null;
      return event("unpacking packages");
    }
    const need = /^Need to get (?:[\d,.]+ [kMG]?B\/)?([\d,.]+ [kMG]?B) of archives/.exec(line);
    if (need !== null && phase === "download") {
      total = parseSize(need[1] ?? "");
      return event(`downloading ${need[1] ?? ""}`);
    }
    const got = /^Get:\d+ .* (\S+) \S+ \S+ \[([\d,.]+ [kMG]?B)\]$/.exec(line);
    if (got !== null && phase === "download") {
      done += parseSize(got[2] ?? "");
      // apt rounds each size: the sum may come out above the total.
      if (total !== null) done = Math.min(done, total);
      return event(`downloading ${got[1] ?? ""}`);
    }
    return null;
  };
};

const units: Record<string, number> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 };

/** apt's sizes, "19.3 MB" or "1,356 B", in bytes. */
const parseSize = (text: string): number => {
  const [amount, unit] = text.split(" ");
  return Math.round(Number((amount ?? "").replaceAll(",", "")) * (units[unit ?? ""] ?? 1));
};
