import { escapeHtml } from "./escape.ts";
import type { Words } from "./words.ts";

/** One example as a learner sees it. */
export type Sample =
  | { readonly kind: "files"; readonly input: string; readonly answer: string }
  /** A conversation: the text of an `.interaction` file. */
  | { readonly kind: "interaction"; readonly text: string };

const maxShownBytes = 20_000;

const shown = (value: string, words: Words): string =>
  value.length <= maxShownBytes
    ? escapeHtml(value)
    : `${escapeHtml(value.slice(0, maxShownBytes))}\n… (${escapeHtml(words.cut)})`;

/** Hands out samples in their order: one where the author wants it, the others at the end. */
export class SampleShelf {
  readonly #samples: readonly Sample[];
  readonly #words: Words;
  #next = 0;

  constructor(samples: readonly Sample[], words: Words) {
    this.#samples = samples;
    this.#words = words;
  }

  take(which: "next" | "remaining"): string {
    const count = which === "next" ? 1 : this.#samples.length;
    const from = this.#next;
    this.#next = Math.min(this.#samples.length, from + count);
    return this.#samples
      .slice(from, this.#next)
      .map((sample, index) => renderSample(sample, from + index + 1, this.#words))
      .join("\n");
  }
}

const renderSample = (sample: Sample, number: number, words: Words): string =>
  sample.kind === "files"
    ? `<table class="sample"><thead><tr><th>${escapeHtml(words.sampleInput)} ${number}</th><th>${escapeHtml(words.sampleOutput)} ${number}</th></tr></thead>` +
      `<tbody><tr><td><pre>${shown(sample.input, words)}</pre></td><td><pre>${shown(sample.answer, words)}</pre></td></tr></tbody></table>`
    : renderInteraction(sample.text, number, words);

/** `<` is what the submission reads, `>` what it writes, `---` stands between passes. */
const renderInteraction = (text: string, number: number, words: Words): string => {
  const blocks: { side: "read" | "write" | "pass"; lines: string[] }[] = [];
  for (const line of text.slice(0, maxShownBytes).replace(/\n$/u, "").split("\n")) {
    const side = line.startsWith("<")
      ? "read"
      : line.startsWith(">")
        ? "write"
        : line.startsWith("---")
          ? "pass"
          : null;
    if (side === null) continue;
    const last = blocks.at(-1);
    if (last?.side === side && side !== "pass") last.lines.push(line.slice(1));
    else blocks.push({ side, lines: side === "pass" ? [] : [line.slice(1)] });
  }
  const rows = blocks.map(({ side, lines }) => {
    if (side === "pass") return `<tr class="pass"><td colspan="2">${escapeHtml(words.nextPass)}</td></tr>`;
    const cell = `<td><pre>${escapeHtml(lines.join("\n"))}</pre></td>`;
    return side === "read" ? `<tr>${cell}<td></td></tr>` : `<tr><td></td>${cell}</tr>`;
  });
  return (
    `<table class="sample interaction"><thead><tr><th colspan="2">${escapeHtml(words.sampleInteraction)} ${number}</th></tr>` +
    `<tr><th>${escapeHtml(words.read)}</th><th>${escapeHtml(words.write)}</th></tr></thead>` +
    `<tbody>${rows.join("")}</tbody></table>`
  );
};
