import { ImageError } from "./errors.ts";
import { toolMissing } from "./process.ts";
import type { Source } from "./sources.ts";

/** Makes one sentence of what the tools printed. */
export const explainFailure = (
  recipe: { readonly name: string; readonly suite: string },
  sources: readonly Source[],
  lines: readonly string[],
): ImageError => {
  const find = (pattern: RegExp): string | undefined => lines.find((line) => pattern.test(line));

  if (find(/setpriv: failed to execute apt-get/) !== undefined) return toolMissing("apt-get");

  const full = find(/No space left on device|You don't have enough free space/);
  if (full !== undefined)
    return new ImageError("disk_full", `There is no space left for the image "${recipe.name}": ${full}`);

  const absent = find(/Unable to locate package|has no installation candidate|couldn't find package/);
  if (absent !== undefined)
    return new ImageError(
      "build_failed",
      `The recipe "${recipe.name}" asks for what the mirror does not have: ${absent}`,
    );

  const network = find(
    /Could not resolve|Could not connect|Cannot initiate the connection|Temporary failure|Connection (failed|refused|timed out)|Failed to fetch|does not have a Release file|Unable to connect|404 +Not Found/,
  );
  if (network !== undefined) {
    const mirrors = [...new Set(sources.flatMap(({ uris }) => uris))].join(", ");
    return new ImageError(
      "unreachable",
      `The Debian mirror (${mirrors}) does not answer for "${recipe.suite}"; check the network and the machine's apt sources. It said: ${network.trim()}`,
    );
  }

  const keyring = find(/NO_PUBKEY|not signed|Signed-By.*(?:not|no such)/i);
  if (keyring !== undefined)
    return new ImageError(
      "build_failed",
      `The mirror's signature can't be checked; run: apt-get install debian-archive-keyring. It said: ${keyring.trim()}`,
    );

  const last = lines.filter((line) => line.trim() !== "").slice(-5);
  return new ImageError("build_failed", `apt-get failed for the image "${recipe.name}": ${last.join(" / ")}`);
};
