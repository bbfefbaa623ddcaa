import type { ImageOffer, LanguageOffer, Outcome } from "@assay/contracts";
import { askVersion } from "@assay/judging";
import type { Language } from "@assay/languages";
import { SandboxError } from "@assay/sandbox";
import type { Sandbox } from "@assay/sandbox";

const SHOWN = 200;

/** An offer without what is the same for all languages of a runner. */
export type Probed = Omit<LanguageOffer, "levels">;

/**
 * Asks the language's tools for their version in a real box: what answers here will run there.
 *
 * @throws SandboxError when there is no sandbox to ask in; the signal's reason
 */
export async function probeLanguage(
  sandbox: Sandbox,
  language: Language,
  image: ImageOffer,
  signal: AbortSignal,
): Promise<Probed> {
  const offer = { id: language.id, image: image.name, test: null };
  const unavailable = (reason: string): Probed => ({
    ...offer,
    available: false,
    version: null,
    reason,
  });
  if (image.state !== "ready" || image.digest === null) {
    return unavailable(image.reason ?? `the image ${image.name} is ${image.state}`);
  }
  try {
    const { outcome, output, version } = await askVersion({ language, image: image.digest, sandbox, signal });
    if (version !== null) return { ...offer, available: true, version, reason: null };
    return unavailable(
      `${language.version.argv.join(" ")} in the image ${image.name}: ${describe(outcome, output)}`,
    );
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SandboxError) || error.blamesMachine) throw error;
    return unavailable(`sandboxd refuses the image ${image.name}: ${error.message}`);
  }
}

function describe(outcome: Outcome, output: string): string {
  if (outcome.status !== "exited") return outcome.message ?? outcome.signal ?? outcome.status;
  return `exit code ${outcome.exitCode}, ${JSON.stringify(output.slice(0, SHOWN))}`;
}
