import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "./crafted.fixture.ts";
import { Budget, unpackLimits } from "./limits.ts";
import type { UnpackLimits } from "./limits.ts";
import { applyLayer } from "./unpack/apply.ts";
import { materialize } from "./unpack/materialize.ts";
import { TreeModel } from "./unpack/model.ts";
import { Spool } from "./unpack/spool.ts";

/** A place to unpack in, with a secret beside it that nothing may read or change. */
export class Yard implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "assay-unpack-"));
  readonly root = join(this.path, "image/root");
  readonly #before: string[];

  constructor() {
    mkdirSync(join(this.path, "image"));
    mkdirSync(join(this.path, "outside"));
    writeFileSync(join(this.path, "outside/secret"), "secret", { mode: 0o600 });
    this.#before = describe(join(this.path, "outside"));
  }

  get outsideIsUntouched(): boolean {
    return JSON.stringify(describe(join(this.path, "outside"))) === JSON.stringify(this.#before);
  }

  /** Unpacks layers as an import does, without any fitting for a box. */
  async unpack(
    layers: readonly (Buffer | AsyncIterable<Uint8Array>)[],
    options: { limits?: Partial<UnpackLimits>; diffIds?: readonly string[]; signal?: AbortSignal } = {},
  ): Promise<string[]> {
    using spool = new Spool(join(this.path, "spool"));
    const budget = new Budget({ ...unpackLimits, ...options.limits });
    const model = new TreeModel(budget);
    for (const [index, layer] of layers.entries()) {
      const stream = Buffer.isBuffer(layer) ? chunks(layer) : layer;
      const diffId = options.diffIds?.[index] ?? (Buffer.isBuffer(layer) ? sha256(layer) : "");
      const told = { progress: () => undefined, signal: options.signal };
      await applyLayer({ model, spool, budget }, index, { diffId, stream }, told);
    }
    await materialize(model.root, this.root, options.signal);
    return describe(this.root);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Pieces of an odd size, so that no header comes whole. */
export async function* chunks(bytes: Buffer, size = 700): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Every entry below a directory, without following a link: `path = content`, `path/`, `path -> target`. */
const describe = (directory: string, below = ""): string[] =>
  readdirSync(Buffer.from(`${directory}/${below}`, "latin1"), { encoding: "latin1" })
    .sort()
    .flatMap((name) => {
      const path = `${below}${name}`;
      const absolute = Buffer.from(`${directory}/${path}`, "latin1");
      const status = lstatSync(absolute);
      if (status.isDirectory()) return [`${path}/`, ...describe(directory, `${path}/`)];
      if (status.isSymbolicLink()) return [`${path} -> ${readlinkSync(absolute, { encoding: "latin1" })}`];
      if (!status.isFile()) return [`${path} is special`];
      const mode = (status.mode & 0o7777) === 0o644 ? "" : ` (${(status.mode & 0o7777).toString(8)})`;
      return [`${path} = ${readFileSync(absolute, "latin1")}${mode}`];
    });
