import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { cpus, loadavg, release, totalmem } from "node:os";
import { join } from "node:path";

/** One budget with what was measured. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly peer: string;
  readonly budget: string;
  /** Null: there is no budget, the row is for comparison. */
  readonly isMet: boolean | null;
}

export interface Report {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly at: string;
  readonly commit: string;
  readonly rows: readonly Row[];
}

const results = join(import.meta.dirname, "results");

export const describeMachine = (): Report["machine"] => ({
  cpu: cpus()[0]?.model ?? "unknown",
  cpus: cpus().length,
  memoryGiB: Math.round(totalmem() / 1024 ** 3),
  kernel: release().replace(/-.*/, ""),
  architecture: process.arch,
  node: process.version,
  /** What others do on the machine meanwhile takes part in every number. */
  loadBefore: (loadavg()[0] ?? 0).toFixed(1),
});

export const commit = (): string => {
  try {
    return execFileSync("git", ["-c", "safe.directory=*", "rev-parse", "--short", "HEAD"], {
      cwd: import.meta.dirname,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "unknown";
  }
};

const mark = (row: Row): string => (row.isMet === null ? "" : row.isMet ? "met" : "NOT MET");

/** The rows as a Markdown table, which is also how they are printed. */
export function markdown(report: Report): string {
  const cells = [
    ["what", "measured", "peer in the same run", "budget", ""],
    ...report.rows.map((row) => [row.what, row.measured, row.peer, row.budget, mark(row)]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = cells;
  return [line(head), `| ${widths.map((size) => "-".repeat(size)).join(" | ")} |`, ...body.map(line)].join(
    "\n",
  );
}

/** Stores the report as JSON and as Markdown, named by day, machine and what of it was wanted. */
export async function store(report: Report, wanted: readonly string[]): Promise<string> {
  await mkdir(results, { recursive: true });
  const machineName = `${report.machine["cpus"]}cpu-${report.machine["architecture"]}`;
  const name = [report.at.slice(0, 10), machineName, ...wanted].join("-");
  await writeFile(join(results, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
  const machine = Object.entries(report.machine)
    .map(([key, value]) => `${key} ${value}`)
    .join(", ");
  await writeFile(
    join(results, `${name}.md`),
    `# Measured on ${report.at.slice(0, 10)}\n\nMachine: ${machine}. Commit ${report.commit}. Shared and noisy: read the ratios.\n\n${markdown(report)}\n`,
  );
  return join(results, `${name}.md`);
}

export const ms = (value: number): string => `${value.toFixed(2)} ms`;
export const times = (value: number): string => `${value.toFixed(2)}x`;
