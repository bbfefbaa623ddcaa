import type { ImageOffer, IsolationLevel, LanguageOffer, Provenance } from "@assay/contracts";
import type { ImageStore } from "@assay/images";
import type { Language } from "@assay/languages";
import type { ReportStore } from "@assay/judging";
import type { Sandbox } from "@assay/sandbox";
import { Lacking } from "../attempts/endings.ts";
import type { ImageSupply } from "../images/supply.ts";
import { checkImage } from "./image-check.ts";
import { probeLanguage } from "./language-probe.ts";
import type { Probed } from "./language-probe.ts";
import { probeWasm, wasmImageFor } from "./wasm-offer.ts";

export interface OffersOptions {
  /** Null for a runner without boxes. */
  readonly native: {
    readonly store: ImageStore;
    readonly sandbox: Sandbox;
    /** What the probes of languages gave with these images. */
    readonly reports: ReportStore;
    /** What boxes can be had here now. */
    readonly levels: () => readonly IsolationLevel[];
  } | null;
  /** Images that are missing here and can be had; null where nobody gets any. */
  readonly supply?: Pick<ImageSupply, "offer" | "version"> | null;
  /** Null for a runner that offers no WebAssembly. */
  readonly wasm: Sandbox | null;
  readonly languages: readonly Language[];
}

const noBoxes = "this runner has no boxes, only WebAssembly";

/** What this machine can do, as it was seen when it was last looked at. */
export class Offers {
  readonly #options: OffersOptions;
  readonly #suspects = new Set<string>();
  #images = new Map<string, ImageOffer>();
  #offers = new Map<string, Probed>();
  /** What runs in WebAssembly here, by language. */
  #wasm = new Map<string, Probed>();

  private constructor(options: OffersOptions) {
    this.#options = options;
  }

  /**
   * Looks at every image that a language needs and probes every language in a box.
   *
   * @throws SandboxError when there is no sandbox to probe in
   */
  static async inspect(options: OffersOptions, signal: AbortSignal): Promise<Offers> {
    const offers = new Offers(options);
    await offers.refresh(signal);
    return offers;
  }

  get images(): ImageOffer[] {
    return [...this.#images.values()];
  }

  get languages(): LanguageOffer[] {
    const levels = [...(this.#options.native?.levels() ?? [])];
    return this.#offers
      .values()
      .toArray()
      .map((offer) => this.#withLevels(offer, levels));
  }

  /** The next look reads this image again from beginning to end. */
  suspect(image: string): void {
    this.#suspects.add(image);
  }

  isReady(image: string): boolean {
    return this.#images.get(image)?.state === "ready";
  }

  /** Whether an image is missing here and a job that needs it waits until it is fetched. */
  isFetchable(image: string): boolean {
    return this.#images.get(image)?.state === "fetchable";
  }

  /** Looks again: at every image, reading those that were damaged or are suspected, and at every language. */
  async refresh(signal: AbortSignal): Promise<void> {
    const { native, wasm, languages } = this.#options;
    this.#wasm = wasm === null ? new Map() : await probeAll(languages, (one) => probeWasm(wasm, one, signal));
    if (native === null) {
      this.#offers = await probeAll(languages, ({ id, image }) =>
        Promise.resolve({ id, image, available: false, version: null, reason: noBoxes, test: null }),
      );
      this.#images = new Map();
      return;
    }
    await this.#look(() => true, signal);
  }

  /** Looks at one image that came, and at its languages; resolves with what is wrong with it, or null. */
  async look(image: string, signal: AbortSignal): Promise<string | null> {
    // One that jobs name themselves is looked at when they run in it.
    if (!this.#options.languages.some((language) => language.image === image)) return null;
    this.suspect(image);
    await this.#look((name) => name === image, signal);
    const found = this.#images.get(image);
    return found?.state === "ready" ? null : (found?.reason ?? `the image ${image} is not here`);
  }

  /** Offers no longer what could be fetched and now can't be. True when there was such. */
  withdrawUnobtainable(): boolean {
    const { supply } = this.#options;
    let some = false;
    for (const [name, { state }] of this.#images) {
      if (state !== "fetchable" || !supply) continue;
      const now = supply.offer({ name, digest: null, state: "missing", reason: null });
      if (now.state === "fetchable") continue;
      this.#images.set(name, now);
      this.#withdrawLanguages(name, now.reason ?? `the image ${name} can't be had any more`);
      some = true;
    }
    return some;
  }

  /** Looks again at what is not here: it may have come, or may be had now from elsewhere. */
  lookForMissing(signal: AbortSignal): Promise<void> {
    const absent = new Set(["missing", "building", "fetchable"]);
    return this.#look((name) => absent.has(this.#images.get(name)?.state ?? "missing"), signal);
  }

  async #look(which: (image: string) => boolean, signal: AbortSignal): Promise<void> {
    const { native, languages } = this.#options;
    if (native === null) return;
    const { store, sandbox, reports } = native;
    const images = new Map<string, ImageOffer>();
    const concerned = languages.filter(({ image }) => which(image));
    for (const { image: name } of concerned) {
      if (images.has(name)) continue;
      const known = this.#images.get(name);
      const doubted = known?.state === "damaged" || this.#suspects.has(name);
      images.set(name, await this.#check(store, name, doubted ? "read" : "look"));
      signal.throwIfAborted();
    }
    const probes = await probeAll(concerned, async (language) => {
      const image = images.get(language.image);
      if (image === undefined) throw new Error(`the image ${language.image} was not looked at`);
      if (image.state === "fetchable") return this.#unprobed(language, image);
      return (await probed(reports, language, image)) ?? probeLanguage(sandbox, language, image, signal);
    });
    for (const [name, image] of images) {
      this.#images.set(name, image);
      this.#suspects.delete(name);
    }
    for (const [id, offer] of probes) this.#offers.set(id, offer);
    // A fetch may have failed while this looked.
    this.withdrawUnobtainable();
  }

  /** Damage is the operator's to mend, so that it is never mended silently: only what is missing is fetched. */
  async #check(store: ImageStore, name: string, how: "look" | "read"): Promise<ImageOffer> {
    const found = await checkImage(store, name, how);
    const { supply } = this.#options;
    return found.state === "missing" && supply ? supply.offer(found) : found;
  }

  /** As whoever published the image found it; the box is asked when the image has come. */
  #unprobed(language: Language, image: ImageOffer): Probed {
    const version = this.#options.supply?.version(language) ?? null;
    const reason =
      version === null ? `the image ${image.name} that was published has no ${language.id} in it` : null;
    return { id: language.id, image: image.name, available: version !== null, version, reason, test: null };
  }

  /**
   * What a result will name as its origin, once the language's image was found to be what was built:
   * it is read in full before its first job and looked at before each later one.
   *
   * @throws Lacking when the language can't be run here, with the reason
   */
  async provenance(
    language: Language,
    runner: string,
    level: IsolationLevel,
  ): Promise<Omit<Provenance, "isolation">> {
    const inWasm = level === "wasm";
    const offer = (inWasm ? this.#wasm : this.#offers).get(language.id);
    const image = inWasm ? wasmImageFor(language) : this.#images.get(language.image);
    if (!offer?.available || offer.version === null || !image?.digest || image.state !== "ready") {
      const reason = offer?.reason ?? image?.reason ?? "it was not offered";
      throw new Lacking(`${language.id} can't be run here: ${reason}`);
    }
    const { name, digest } = image;
    const damage = inWasm ? null : ((await this.#options.native?.store.damageOf(digest)) ?? null);
    if (damage !== null) {
      this.#withdraw(name, `the image ${name} is damaged: ${damage}`);
      throw new Lacking(`${language.id} can't be run here: the image ${name} is damaged: ${damage}`);
    }
    return {
      image: { name, digest },
      language: { id: language.id, version: offer.version },
      runner,
    };
  }

  /** No language of this image is offered until it was read again. */
  #withdraw(name: string, reason: string): void {
    this.suspect(name);
    const image = this.#images.get(name);
    if (image !== undefined) this.#images.set(name, { ...image, state: "damaged", reason });
    this.#withdrawLanguages(name, reason);
  }

  #withdrawLanguages(image: string, reason: string): void {
    for (const [id, offer] of this.#offers)
      if (offer.image === image) this.#offers.set(id, { ...offer, available: false, reason });
  }

  /** A language that works nowhere but in WebAssembly is offered with that level only. */
  #withLevels(offer: Probed, levels: readonly IsolationLevel[]): LanguageOffer {
    const wasm = this.#wasm.get(offer.id);
    if (wasm?.available !== true) return { ...offer, levels: [...levels] };
    return offer.available ? { ...offer, levels: [...levels, "wasm"] } : { ...wasm, levels: ["wasm"] };
  }
}

/** What is known of a language without asking it: its probes passed or failed with this very image. */
export async function probed(
  reports: ReportStore,
  language: Language,
  image: ImageOffer,
): Promise<Probed | null> {
  if (image.state !== "ready" || image.digest === null) return null;
  const report = await reports.read(language, image.digest);
  if (report === null) return null;
  const { at, passed, probes, version } = report;
  const failed = probes.filter(({ status }) => status === "failed");
  const reason = failed.map((one) => `${one.name}: ${one.reason ?? "failed"}`).join("; ");
  return {
    id: language.id,
    image: image.name,
    available: passed,
    version,
    reason: passed
      ? null
      : `its probes failed on ${at.slice(0, 10)}: ${reason.slice(0, 1000) || "no version"}`,
    test: { at, passed, probes },
  };
}

/** By language, without those that the probe has nothing to say of. */
async function probeAll(
  languages: readonly Language[],
  probe: (language: Language) => Promise<Probed | null>,
): Promise<Map<string, Probed>> {
  const found = await Promise.all(languages.map(async (one) => [one.id, await probe(one)] as const));
  return new Map(found.flatMap(([id, probed]) => (probed === null ? [] : [[id, probed] as const])));
}
