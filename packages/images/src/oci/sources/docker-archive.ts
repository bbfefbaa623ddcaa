import { createHash } from "node:crypto";
import { bad } from "../bad.ts";
import { DockerArchive, parseDocument } from "../documents.ts";
import { foreignImage } from "../foreign-image.ts";
import { documentBytes } from "../limits.ts";
import { collect } from "../streams/verified.ts";
import type { Files } from "./files.ts";
import type { FoundImage } from "./oci-layout.ts";

/**
 * The image of an archive as `docker save` writes it, that a tag names, or the only one in it. Layers have
 * no digest of their own there, only that of what is in them.
 *
 * @throws ImageError `bad_archive`, `too_large`
 */
export const readDockerArchive = async (
  files: Files,
  where: string,
  tag: string | null,
): Promise<FoundImage> => {
  const what = `manifest.json of ${where}`;
  const bytes = await collect(files.read("manifest.json"), documentBytes, what);
  const images = parseDocument(DockerArchive, bytes, what);
  const asked = images.filter(({ RepoTags }) => tag === null || RepoTags?.some((name) => isSame(name, tag)));
  const [chosen] = asked;
  const names = images
    .flatMap(({ RepoTags }) => RepoTags ?? [])
    .slice(0, 20)
    .map((name) => JSON.stringify(name.slice(0, 100)))
    .join(", ");
  if (chosen === undefined || asked.length > 1)
    throw bad(
      `${where} holds ${asked.length} such images; say which: ${names === "" ? "none has a name" : names}`,
    );

  const config = await collect(files.read(chosen.Config), documentBytes, "The configuration");
  const hex = createHash("sha256").update(config).digest("hex");
  const told = /(?:^|\/)([0-9a-f]{64})(?:\.json)?$/.exec(chosen.Config)?.[1];
  if (told !== undefined && told !== hex)
    throw bad(`The configuration has the digest ${hex} instead of ${told}`);
  const image = foreignImage(config, {
    manifest: null,
    config: hex,
    layers: chosen.Layers.map((path) => ({ size: 0, tree: null, open: () => files.read(path) })),
  });
  return { image, name: chosen.RepoTags?.[0] ?? null };
};

const isSame = (name: string, tag: string): boolean => name === tag || name === `${tag}:latest`;
