import type { Digest, Provenance } from "@assay/contracts";
import { ImageError } from "@assay/images";
import type { ImageStore } from "@assay/images";
import type { Command, Language } from "@assay/languages";
import type { Sandbox } from "@assay/sandbox";
import { ImageNotHad, JobRefused, Lacking } from "../attempts/endings.ts";
import { probeLanguage } from "./language-probe.ts";

const maxVersions = 1000;

/** What a run in a chosen image is run with. */
export interface ChosenTools {
  readonly language: Language;
  readonly provenance: Omit<Provenance, "isolation">;
}

interface Found {
  readonly name: string;
  readonly digest: Digest;
}

/** Runs of a language in another image than its own: any that is on this machine. */
export class ChosenImages {
  readonly #store: ImageStore;
  readonly #sandbox: Sandbox;
  /** Of a language's tools in an image, by digest and language. */
  readonly #versions = new Map<string, string>();

  constructor(store: ImageStore, sandbox: Sandbox) {
    this.#store = store;
    this.#sandbox = sandbox;
  }

  /**
   * Finds the image by its name or digest, sound, and asks the language's tools in it for their version.
   *
   * @throws Lacking when the image is not here or damaged; JobRefused when the language can't be run in it
   */
  async tools(language: Language, image: string, runner: string, signal: AbortSignal): Promise<ChosenTools> {
    const { name, digest } = await this.#find(image);
    const damage = await this.#store.damageOf(digest);
    if (damage !== null) throw new Lacking(`the image ${image} is damaged on this runner: ${damage}`);
    const own = withLocalPrograms(language);
    const version = await this.#version(own, { name, digest }, signal);
    const provenance = { image: { name, digest }, language: { id: language.id, version }, runner };
    return { language: own, provenance };
  }

  /** Whether the image is here, sound or not. */
  async has(image: string): Promise<boolean> {
    return (await this.#here(image)) !== null;
  }

  async #find(image: string): Promise<Found> {
    const found = await this.#here(image);
    if (found !== null) return found;
    // Whoever submits a job may name any: that it is not here is no fault of this machine.
    throw new ImageNotHad(
      `this runner has no image ${image}; have it there with assay images import, or push it to the server`,
    );
  }

  async #here(image: string): Promise<Found | null> {
    if (isDigest(image)) return (await this.#store.layers(image).catch(() => [])).at(-1) ?? null;
    try {
      return await this.#store.resolve(image);
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      if (error.code === "missing") return null;
      throw new Lacking(error.message, { cause: error });
    }
  }

  async #version(language: Language, image: Found, signal: AbortSignal): Promise<string> {
    const key = `${image.digest} ${language.id}`;
    const known = this.#versions.get(key);
    if (known !== undefined) return known;
    const sound = { ...image, state: "ready", reason: null } as const;
    const { version, reason } = await probeLanguage(this.#sandbox, language, sound, signal);
    if (version === null)
      throw new JobRefused(
        `${language.id} can't be run in the image ${image.name}: ${reason ?? "no version"}`,
      );
    if (this.#versions.size >= maxVersions) this.#versions.clear();
    this.#versions.set(key, version);
    return version;
  }
}

const isDigest = (image: string): boolean => /^[0-9a-f]{64}$/.test(image);

/** Images of others keep what they add below /usr/local, where ours have nothing. */
const local = <Kind extends Command>(command: Kind): Kind => ({
  ...command,
  env: { ...command.env, PATH: `/usr/local/bin:${command.env["PATH"] ?? "/usr/bin:/bin"}` },
});

const withLocalPrograms = (language: Language): Language => ({
  ...language,
  version: local(language.version),
  compile: (files, options) => {
    const command = language.compile(files, options);
    return command === null ? null : local(command);
  },
  run: (files, args, memoryBytes) => local(language.run(files, args, memoryBytes)),
});
