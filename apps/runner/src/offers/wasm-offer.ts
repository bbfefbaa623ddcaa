import type { ImageOffer } from "@assay/contracts";
import type { Language } from "@assay/languages";
import { wasmImage } from "@assay/sandbox";
import type { Sandbox, WasmImage } from "@assay/sandbox";
import { probeLanguage } from "./language-probe.ts";
import type { Probed } from "./language-probe.ts";

/** Languages of the catalogue whose commands a WebAssembly interpreter understands. */
const interpreters: Readonly<Record<string, WasmImage["name"]>> = { python: "wasm:python" };

/** The interpreter that stands for a language's image in WebAssembly; null when there is none. */
export const wasmImageFor = (language: Language): ImageOffer | null => {
  const name = interpreters[language.id];
  return name === undefined ? null : { ...wasmImage(name), state: "ready", reason: null };
};

/** What a language can do in WebAssembly, as its interpreter says there; null when it has none. */
export async function probeWasm(
  sandbox: Sandbox,
  language: Language,
  signal: AbortSignal,
): Promise<Probed | null> {
  const image = wasmImageFor(language);
  return image === null ? null : probeLanguage(sandbox, language, image, signal);
}
