import { IsolationLevel, servingLevel } from "@assay/contracts";
import type { LanguageOffer } from "@assay/contracts";

/**
 * The queue of a job: runners serve only their own organization, only the languages that work there,
 * and only the isolation that they have, so that no job is ever leased to who can't run it.
 */
export const queueName = (
  organizationId: string,
  language: string,
  required: IsolationLevel | null = null,
): string => `${organizationId}.${encoded(language)}${required === null ? "" : `.${slugOf(required)}`}`;

/** Who waits in person goes first: judging again takes what is left of the machines. */
export const queuePriority = { live: 0, verification: -1, rejudging: -10 } as const;

/** pg-boss takes no plus in the name of a queue. */
const slugOf = (level: IsolationLevel): string => level.replaceAll("+", "-");

/**
 * A word as a part of a queue's name: pg-boss takes letters, digits, `_`, `-`, `.` and `/`, and the dot
 * stands between the parts. Every other character, and `_` itself, is its code point in hexadecimal
 * between two `_`: `python@3.13` is `python_40_3_2e_13`.
 */
const encoded = (word: string): string =>
  word.replace(/[^A-Za-z0-9-]/gu, (character) => `_${(character.codePointAt(0) ?? 0).toString(16)}_`);

const decoded = (part: string): string =>
  part.replace(/_([0-9a-f]{1,6})_/gu, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)));

export const languageOfQueue = (queue: string): string => decoded(queue.split(".")[1] ?? "");

/** What the jobs of this queue require. */
export function isolationOfQueue(queue: string): IsolationLevel | null {
  const slug = queue.split(".")[2];
  return IsolationLevel.options.find((level) => slugOf(level) === slug) ?? null;
}

/** Every queue whose jobs a runner with these offers can run. */
export const queuesOf = (organizationId: string, offers: readonly LanguageOffer[]): string[] =>
  offers
    .filter(({ available }) => available)
    .flatMap(({ id, levels }) =>
      [null, ...IsolationLevel.options]
        .filter((required) => servingLevel(required, levels) !== null)
        .map((required) => queueName(organizationId, id, required)),
    );
