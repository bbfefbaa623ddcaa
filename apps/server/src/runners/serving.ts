import { servingLevel } from "@assay/contracts";
import type { RunnerStatus } from "@assay/contracts";
import { isolationOfQueue, languageOfQueue } from "../jobs/queue-name.ts";
import type { Sight } from "./fleet.ts";

/** How a runner can do the jobs of a queue: as it is, or once it has fetched (or built) an image. */
export type Serving = "ready" | "fetch";

/** Null when it can't. */
export function servingOf(queue: string, { languages, fetchable }: Sight): Serving | null {
  const language = languageOfQueue(queue);
  const offer = languages.find(({ id, available }) => available && id === language);
  const level = offer === undefined ? null : servingLevel(isolationOfQueue(queue), offer.levels);
  if (offer === undefined || level === null) return null;
  // WebAssembly's interpreters are no images.
  return level !== "wasm" && fetchable.includes(offer.image) ? "fetch" : "ready";
}

export const sightOf = ({ languages, images }: Pick<RunnerStatus, "languages" | "images">): Sight => ({
  languages,
  fetchable: images.filter(({ state }) => state === "fetchable").map(({ name }) => name),
});
