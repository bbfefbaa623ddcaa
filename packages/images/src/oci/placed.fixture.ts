import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { layout } from "../layout.ts";
import type { Layout } from "../layout.ts";
import type { ImageManifest } from "../manifest.ts";
import { placeImage, pointName } from "../place-image.ts";
import { imageOwner, readTree } from "../tree.ts";

/** A temporary images directory. */
export class Images implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "assay-images-"));
  readonly places: Layout = layout(this.path);

  constructor() {
    chmodSync(this.path, 0o755);
    mkdirSync(this.places.building);
  }

  /** Puts an image there as a build leaves it. */
  async place(
    name: string,
    fill: (root: string) => void,
    extra: Partial<ImageManifest> = {},
    lock: string | null = null,
  ): Promise<ImageManifest> {
    const work = mkdtempSync(join(this.places.building, "staging-"));
    const root = join(work, "image/root");
    mkdirSync(root, { recursive: true });
    fill(root);
    for (const mountPoint of ["dev", "proc", "tmp", "w"])
      mkdirSync(join(root, mountPoint), { recursive: true });
    // As in builds; by bytes, whatever the names are.
    execFileSync("chmod", ["--recursive", "u=rwX,go=rX", root]);
    const tree = await readTree(root, { owner: imageOwner(this.path, root) });
    const manifest: ImageManifest = {
      name,
      digest: tree.digest,
      recipe: "5".repeat(64),
      lock: null,
      from: null,
      suite: "bookworm",
      architecture: "all",
      packages: [{ name: "tool", version: "1.0-1", architecture: "all" }],
      sizeBytes: tree.sizeBytes,
      entries: tree.text.split("\n").length - 2,
      created: "2026-01-02T03:04:05.000Z",
      ...extra,
    };
    await placeImage(this.places, work, tree, manifest, lock);
    await pointName(this.places, name, tree.digest);
    rmSync(work, { recursive: true });
    return manifest;
  }

  treeText(digest: string): string {
    return readFileSync(this.places.tree(digest), "utf8");
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
