import type { LanguageReport } from "@assay/contracts";
import { languages, probeNames, probes } from "@assay/languages";

/** What `assay languages test` found, with what it says of a language that has no image here. */
export type Tested =
  | { readonly id: string; readonly report: LanguageReport; readonly failure: null }
  | { readonly id: string; readonly report: null; readonly failure: string };

export const passedAll = ({ report }: Tested): boolean => report?.passed === true;

const marks = { passed: "✓", failed: "✗", skipped: "–" } as const;

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const ms = (value: number | null): string => (value === null ? "" : value.toFixed(value < 10 ? 1 : 0));

/** The page of the documentation, as Markdown. */
export function languagesPage(tested: readonly Tested[], date: string): string {
  const passing = tested.filter(passedAll);
  return `${[
    "# Languages",
    "",
    `Made by \`assay languages test --all --measure --write docs/languages.md\` on ${date}: ${passing.length} of ${tested.length} language versions passed every probe there. Which of them a server offers depends on the images of its runners; \`assay languages\` says so.`,
    "",
    "Choose one with its id (`python`), another name of it (`py`), a release (`python@3.13`) or a range (`python@>=3.10`).",
    "",
    "## Probes",
    "",
    "Each language version must do all of this in a box before it is offered:",
    "",
    ...probeNames.map((name) => `- \`${name}\`: ${probes[name]}`),
    "",
    row(["id", "name", "version", "image", ...probeNames]),
    row(["---", "---", "---", "---", ...probeNames.map(() => ":-:")]),
    ...tested.map(probeRow),
    "",
    ...notes(tested),
    "## What starting costs",
    "",
    "The hello program, medians of seven runs in ms: below the image's root without a box (fork to exit), in a box (fork to exit), from the request to the answer, and its CPU time; what it takes of memory, processes and threads; and what compiling or checking it takes.",
    "",
    row(["id", "bare", "in the box", "round trip", "CPU", "memory, MiB", "processes", "compilation"]),
    row(["---", "--:", "--:", "--:", "--:", "--:", "--:", "--:"]),
    ...passing.flatMap(({ id, report }) => {
      const cost = report?.startUp ?? null;
      if (cost === null) return [];
      const { bareMs, boxMs, roundTripMs, cpuMs, memoryBytes, processes, compileMs } = cost;
      return [
        row([
          id,
          ...[bareMs, boxMs, roundTripMs, cpuMs].map(ms),
          (memoryBytes / 2 ** 20).toFixed(1),
          String(processes),
          ms(compileMs),
        ]),
      ];
    }),
  ].join("\n")}\n`;
}

function probeRow({ id, report, failure }: Tested): string {
  const language = languages.get(id);
  const status = new Map(report?.probes.map((probe) => [probe.name, marks[probe.status]]));
  return row([
    `\`${id}\``,
    cell(language?.name ?? ""),
    report?.version ?? "",
    language?.image ?? "",
    ...probeNames.map((name) => (failure === null ? (status.get(name) ?? "") : "✗")),
  ]);
}

/** What a mark in the table stands for, where it is no ✓. */
function notes(tested: readonly Tested[]): string[] {
  const failed = tested.flatMap(({ id, report, failure }) =>
    failure === null
      ? (report?.probes ?? [])
          .filter(({ status }) => status === "failed")
          .map(({ name, reason }) => `- \`${id}\`, ${name}: ${cell(reason ?? "")}`)
      : [`- \`${id}\`: ${cell(failure)}`],
  );
  const reasons = new Map<string, string[]>();
  for (const { id, report } of tested)
    for (const { name, status, reason } of report?.probes ?? [])
      if (status === "skipped") {
        const said = `${name}: ${cell(reason ?? "")}`;
        reasons.set(said, [...(reasons.get(said) ?? []), `\`${id}\``]);
      }
  const skipped = [...reasons].map(([said, ids]) => `- ${said} (${ids.join(", ")})`);
  return [
    ...(failed.length > 0 ? ["Not offered, because of:", "", ...failed, ""] : []),
    ...(skipped.length > 0 ? ["Probes that say nothing of a language (–):", "", ...skipped, ""] : []),
  ];
}
