import type { ImageOffer, IsolationLevel, LanguageOffer, Provenance } from "@assay/contracts";
import type { ImageStore } from "@assay/images";
import type { Language } from "@assay/languages";
import type { Sandbox } from "@assay/sandbox";
import { GivenBack } from "../attempts/endings.ts";
import { checkImage } from "./image-check.ts";
import { probeLanguage } from "./language-probe.ts";
import type { Probed } from "./language-probe.ts";

export interface OffersOptions {
  readonly store: ImageStore;
  readonly sandbox: Sandbox;
  readonly languages: readonly Language[];
  /** What boxes can be had here now. */
  readonly levels: () => readonly IsolationLevel[];
}

/** What this machine can do, as it was seen when it was last looked at. */
export class Offers {
  readonly #options: OffersOptions;
  readonly #suspects = new Set<string>();
  #images = new Map<string, ImageOffer>();
  #offers = new Map<string, Probed>();

  private constructor(options: OffersOptions) {
    this.#options = options;
  }

  /**
   * Verifies every image that a language needs and probes every language in a box.
   *
   * @throws SandboxError when there is no sandbox to probe in
   */
  static async inspect(options: OffersOptions, signal: AbortSignal): Promise<Offers> {
    const offers = new Offers(options);
    for (const { image } of options.languages) offers.suspect(image);
    await offers.refresh(signal);
    return offers;
  }

  get images(): ImageOffer[] {
    return [...this.#images.values()];
  }

  get languages(): LanguageOffer[] {
    const levels = [...this.#options.levels()];
    return this.#offers
      .values()
      .toArray()
      .map((offer) => ({ ...offer, levels }));
  }

  /** The next look reads this image again from beginning to end. */
  suspect(image: string): void {
    this.#suspects.add(image);
  }

  /** Looks again: at the images that are not ready or under suspicion, and at every language. */
  async refresh(signal: AbortSignal): Promise<void> {
    const { store, sandbox, languages } = this.#options;
    const images = new Map<string, ImageOffer>();
    for (const name of new Set(languages.map((language) => language.image))) {
      const known = this.#images.get(name);
      const sound = known?.state === "ready" && !this.#suspects.has(name);
      images.set(name, sound ? known : await checkImage(store, name));
      signal.throwIfAborted();
    }
    const probes = languages.map(async (language) => {
      const image = images.get(language.image);
      if (image === undefined) throw new Error(`the image ${language.image} was not looked at`);
      return [language.id, await probeLanguage(sandbox, language, image, signal)] as const;
    });
    this.#offers = new Map(await Promise.all(probes));
    this.#images = images;
    this.#suspects.clear();
  }

  /**
   * What a result will name as its origin.
   *
   * @throws GivenBack when the language can't be run here, with the reason
   */
  provenance(language: Language, runner: string): Omit<Provenance, "isolation"> {
    const offer = this.#offers.get(language.id);
    const image = this.#images.get(language.image);
    if (!offer?.available || offer.version === null || !image?.digest) {
      throw new GivenBack(`${language.id} can't be run here: ${offer?.reason ?? "it was not offered"}`);
    }
    return {
      image: { name: image.name, digest: image.digest },
      language: { id: language.id, version: offer.version },
      runner,
    };
  }
}
