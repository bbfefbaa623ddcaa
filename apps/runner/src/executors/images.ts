import { languageById } from "@assay/languages";
import { NotHere } from "@assay/judging";
import type { Work } from "../attempts/attempt.ts";
import { GivenBack, ImageNotHad } from "../attempts/endings.ts";
import type { Machine } from "./machine.ts";

/**
 * Runs a job's work with the images that it needs: that of its own language first, and those of the
 * package's programs as they turn out to be missing. Who waits for one takes no place and no box.
 *
 * @throws GivenBack, ImageNotHad; what the work throws
 */
export async function withImages<Result>(
  machine: Machine,
  work: Work,
  execute: () => Promise<Result>,
): Promise<Result> {
  const { payload } = work.job;
  // WebAssembly's interpreters are no images.
  if (machine.driverFor(payload.requires).level() !== "wasm") await getImage(machine, work, payload.language);
  for (;;) {
    try {
      return await execute();
    } catch (error) {
      if (!(error instanceof NotHere)) throw error;
      const came = error.language !== null && (await getImage(machine, work, error.language));
      // Another runner may have what this one lacks.
      if (!came) throw new GivenBack(error.message);
    }
  }
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
