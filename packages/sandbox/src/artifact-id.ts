import { SandboxError } from "./error.ts";
import type { ArtifactId } from "./spec.ts";

/** Throws `unknown_artifact` unless the text has the form of an artifact's name. */
export function parseArtifactId(text: string): ArtifactId {
  if (!isArtifactId(text)) {
    throw new SandboxError("unknown_artifact", `${JSON.stringify(text)} names no artifact`);
  }
  return text;
}

function isArtifactId(text: string): text is ArtifactId {
  return /^[0-9a-f]{32}$/.test(text) && text !== "0".repeat(32);
}
