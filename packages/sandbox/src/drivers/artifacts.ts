import { randomBytes } from "node:crypto";
import { SandboxError } from "../error.ts";
import type { Artifact, ArtifactId, RunReport, RunSpec } from "../spec.ts";
import type { Kept } from "./work-reader.ts";
import type { WorkTree } from "./work-tree.ts";

/** Kept work directories, in memory: they end with the driver, however that ends. */
export class Artifacts {
  #trees = new Map<ArtifactId, WorkTree>();

  /** @throws SandboxError `unknown_artifact` */
  get(id: ArtifactId | null): WorkTree | null {
    if (id === null) return null;
    const tree = this.#trees.get(id);
    if (tree === undefined) throw new SandboxError("unknown_artifact", `there is no artifact ${id}`);
    return tree;
  }

  /** What a report says of the artifact that a run asked for; `kept` is null when it made none. */
  keep({ keep }: Pick<RunSpec, "keep">, kept: Kept | null): Pick<RunReport, "artifact" | "keepRefused"> {
    if (keep === null || kept === null) return { artifact: null, keepRefused: null };
    if ("tooLarge" in kept) {
      const keepRefused = `the work directory has ${kept.tooLarge} bytes; at most ${keep.maxBytes} can be kept`;
      return { artifact: null, keepRefused };
    }
    const id = randomBytes(16).toString("hex") as ArtifactId;
    this.#trees.set(id, kept.tree);
    const artifact: Artifact = { id, bytes: kept.bytes, entries: kept.tree.size, skipped: kept.skipped };
    return { artifact, keepRefused: null };
  }

  forget(id: ArtifactId | "all"): number {
    if (id !== "all") return this.#trees.delete(id) ? 1 : 0;
    const count = this.#trees.size;
    this.#trees.clear();
    return count;
  }
}
