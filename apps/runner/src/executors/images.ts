import { languageById } from "@assay/languages";
import { NotHere } from "@assay/judging";
import type { Work } from "../attempts/attempt.ts";
import { ImageNotHad, Lacking } from "../attempts/endings.ts";
import type { Machine } from "./machine.ts";

/**
 * Runs a job's work with the images that it needs: that of its own language first, and those of the
 * package's programs as they turn out to be missing. Who waits for one takes no place and no box.
 *
 * @throws Lacking, ImageNotHad; what the work throws
 */
export async function withImages<Result>(
  machine: Machine,
  work: Work,
  execute: () => Promise<Result>,
): Promise<Result> {
  const { payload } = work.job;
  const chosen = payload.kind === "run" ? payload.image : undefined;
  // WebAssembly's interpreters are no images.
  const isWasm = machine.driverFor(payload.requires).level() === "wasm";
  if (!isWasm && chosen === undefined) await getImage(machine, work, payload.language);
  else if (!isWasm && chosen !== undefined) await getChosenImage(machine, work, chosen);
  for (;;) {
    try {
      return await execute();
    } catch (error) {
      if (!(error instanceof NotHere)) throw error;
      const came = error.language !== null && (await getImage(machine, work, error.language));
      // Another runner may have what this one lacks.
      if (!came) throw new Lacking(error.message);
    }
  }
}

/** Waits for the image that a job names if it is missing here and somebody published it. */
async function getChosenImage({ supply, chosenImages }: Machine, work: Work, image: string): Promise<void> {
  const name = supply?.nameOf(image) ?? null;
  if (supply === null || name === null || (await chosenImages?.has(image)) === true) return;
  const { emit, signal } = work;
  await work.pause(() => supply.get(name, { version: null, emit, signal }));
}

/** Waits for the image of a language if it is missing here and can be had. False when there is nothing to wait for. */
async function getImage({ supply, offers }: Machine, work: Work, languageId: string): Promise<boolean> {
  const language = languageById(languageId);
  if (supply === null || language === null) return false;
  const { image } = language;
  const reason = offers.isReady(image) ? null : supply.whyNot(image);
  if (reason !== null) throw new ImageNotHad(reason);
  if (!offers.isFetchable(image)) return false;
  const { emit, signal } = work;
  await work.pause(() => supply.get(image, { version: supply.version(language), emit, signal }));
  return true;
}
