import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ImageManifest } from "../manifest.ts";
import { exportImage } from "./export/export.ts";
import { importImage } from "./import.ts";
import { Images } from "./placed.fixture.ts";
import { pruneLayers } from "./store/prune.ts";
import { publishLayers, publishedBlob } from "./store/publish.ts";

let images: Images;
let base: ImageManifest;
let tool: ImageManifest;
let out = "";

const fillBase = (root: string): void => {
  mkdirSync(join(root, "bin"));
  writeFileSync(join(root, "bin/sh"), "shell".repeat(1000), { mode: 0o755 });
  writeFileSync(join(root, "bin/old"), "old");
};
beforeEach(async () => {
  images = new Images();
  out = mkdtempSync(join(tmpdir(), "assay-export-"));
  base = await images.place("base", fillBase);
  const from = { name: "base", digest: base.digest };
  tool = await images.place(
    "tool",
    (root) => {
      fillBase(root);
      rmSync(join(root, "bin/old"));
      writeFileSync(join(root, "bin/tool"), "tool", { mode: 0o755 });
    },
    { from },
  );
});
afterEach(() => {
  images[Symbol.dispose]();
  rmSync(out, { recursive: true, force: true });
});

const store = (): string => join(images.path, "oci");
const index = (layout: string) => JSON.parse(readFileSync(join(layout, "index.json"), "utf8"));
const names = (layout: string): string[] =>
  index(layout).manifests.map(
    ({ annotations }: { annotations: Record<string, string> }) =>
      annotations["org.opencontainers.image.ref.name"] ?? "-",
  );
const blobs = (layout: string): string[] => readdirSync(join(layout, "blobs/sha256"));

describe("the store's layout", () => {
  it("holds an image once, and shares the layers of the one below", async () => {
    const upper = await publishLayers(images.path, "tool");
    const lower = await publishLayers(images.path, "base");
    expect(upper.layers.map(({ tree }) => tree)).toEqual([base.digest, tool.digest]);
    expect(upper.layers[0]).toEqual(lower.layers[0]);
    expect(names(store()).toSorted()).toEqual(["base", "tool"]);
    // Two manifests, two configurations, two layers.
    expect(blobs(store())).toHaveLength(6);
    const before = statSync(join(store(), "index.json")).ino;
    expect(await publishLayers(images.path, "tool")).toEqual(upper);
    expect(statSync(join(store(), "index.json")).ino).toBe(before);
  });

  it("is written anew where it is damaged", async () => {
    const { layers, manifest } = await publishLayers(images.path, "tool");
    const layer = publishedBlob(images.path, layers[1]?.blob.hex ?? "");
    const intact = readFileSync(layer);
    truncateSync(layer, 10);
    await publishLayers(images.path, "tool");
    expect(readFileSync(layer)).toEqual(intact);
    rmSync(publishedBlob(images.path, manifest.hex));
    writeFileSync(join(store(), "index.json"), "no JSON");
    expect((await publishLayers(images.path, "tool")).manifest).toEqual(manifest);
    expect(names(store())).toContain("tool");
  });

  it("gives a name to the image that it means now", async () => {
    await publishLayers(images.path, "tool");
    await images.place("tool", (root) => writeFileSync(join(root, "new"), "new"));
    await publishLayers(images.path, "tool");
    expect(names(store()).toSorted()).toEqual(["-", "-", "tool"]);
  });

  it("takes no image that is missing or not what was built", async () => {
    await expect(publishLayers(images.path, "other")).rejects.toMatchObject({ code: "missing" });
    writeFileSync(join(images.places.root(tool.digest), "bin/tool"), "TOOL");
    await expect(publishLayers(images.path, "tool")).rejects.toMatchObject({ code: "damaged" });
    expect(names(store())).toEqual(["-"]);
  });

  it("holds an image whole when the one below is gone", async () => {
    rmSync(images.places.image(base.digest), { recursive: true });
    expect((await publishLayers(images.path, "tool")).layers).toHaveLength(1);
  });

  it("loses what belongs to no image any more, but nothing that is being written", async () => {
    await publishLayers(images.path, "tool");
    const all = blobs(store());
    writeFileSync(join(store(), "blobs/sha256/stray"), "stray");
    rmSync(images.places.image(base.digest), { recursive: true });
    expect(await pruneLayers(images.path)).toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await pruneLayers(images.path, { youngMs: -1 })).toBeGreaterThan(5);
    // The lower image's manifest and configuration went, its layer is the upper one's too.
    expect(blobs(store())).toHaveLength(all.length - 2);
    expect(names(store())).toEqual(["tool"]);
    await exportImage(images.path, "tool", `oci:${out}/layout`);
  });
});

it("what is damaged in the store's layout is in no way of tidying up, and is written anew", async () => {
  const { manifest } = await publishLayers(images.path, "tool");
  writeFileSync(publishedBlob(images.path, manifest.hex), "damaged");
  expect(await pruneLayers(images.path, { youngMs: -1 })).toBeGreaterThan(0);
  expect(names(store())).toEqual(["-"]);
  expect((await publishLayers(images.path, "tool")).manifest).toEqual(manifest);
});

describe("an export", () => {
  it.each(["gzip", "zstd", "none"] as const)(
    "compressed with %s comes back as the same image",
    async (compression) => {
      await exportImage(images.path, "tool", `oci:${out}/layout`, { compression });
      expect(names(join(out, "layout"))).toEqual(["tool"]);
      using elsewhere = new Images();
      const image = await importImage(elsewhere.path, `oci:${out}/layout`);
      expect(image).toMatchObject({
        name: "tool",
        digest: tool.digest,
        recipe: tool.recipe,
        packages: tool.packages,
      });
      expect(readdirSync(join(out, "layout")).toSorted()).toEqual(["blobs", "index.json", "oci-layout"]);
      expect(readdirSync(out)).toEqual(["layout"]);
    },
  );

  it("is the same bytes each time", async () => {
    await exportImage(images.path, "tool", `oci:${out}/one`);
    rmSync(store(), { recursive: true });
    await exportImage(images.path, "tool", `oci:${out}/two`);
    const diff = ["diff", "--recursive", join(out, "one"), join(out, "two")];
    expect(execFileSync("env", diff, { encoding: "utf8" })).toBe("");
  });

  it("is added to a layout that is there, and takes no other's name", async () => {
    await exportImage(images.path, "tool", `oci:${out}/layout`);
    await exportImage(images.path, "base", `oci:${out}/layout:under`);
    await exportImage(images.path, "tool", `oci:${out}/layout`);
    expect(names(join(out, "layout"))).toEqual(["tool", "under"]);
    const before = readFileSync(join(out, "layout/index.json"), "utf8");
    await expect(exportImage(images.path, "base", `oci:${out}/layout:tool`)).rejects.toMatchObject({
      code: "exists",
      message: expect.stringMatching(/holds another image called "tool"/),
    });
    expect(readFileSync(join(out, "layout/index.json"), "utf8")).toBe(before);
  });

  it("as an archive of Docker comes back as the same image", async () => {
    await exportImage(images.path, "tool", `docker-archive:${out}/tool.tar`);
    await exportImage(images.path, "tool", `docker-archive:${out}/named.tar:example.org/tool:2`);
    using elsewhere = new Images();
    expect((await importImage(elsewhere.path, `docker-archive:${out}/tool.tar`)).digest).toBe(tool.digest);
    expect((await importImage(elsewhere.path, `docker-archive:${out}/named.tar`)).name).toBe("tool");
    expect(readdirSync(out).toSorted()).toEqual(["named.tar", "tool.tar"]);
  });

  it.each([
    ["a file", "docker-archive:", "file"],
    ["a file in the way of a layout", "oci:", "file"],
    ["a directory that is no layout", "oci:", "directory"],
    ["a directory in the way of an archive", "docker-archive:", "directory"],
  ])("takes the place of nothing: %s", async (_, transport, kind) => {
    const path = join(out, "there");
    if (kind === "file") writeFileSync(path, "precious");
    else {
      mkdirSync(path);
      writeFileSync(join(path, "precious"), "precious");
    }
    await expect(exportImage(images.path, "tool", `${transport}${path}`)).rejects.toMatchObject({
      code: "exists",
    });
    expect(readFileSync(kind === "file" ? path : join(path, "precious"), "utf8")).toBe("precious");
    expect(readdirSync(out)).toEqual(["there"]);
  });

  it("into a directory of somebody else writes through no link that lies there", async () => {
    const target = join(out, "layout");
    await exportImage(images.path, "base", `oci:${target}`);
    const precious = join(out, "precious");
    writeFileSync(precious, "precious", { mode: 0o600 });
    for (const name of ["index.json.new", "oci-layout.new"]) symlinkSync(precious, join(target, name));
    await exportImage(images.path, "tool", `oci:${target}`);
    expect(names(target)).toEqual(["base", "tool"]);
    expect(readFileSync(precious, "utf8")).toBe("precious");
    expect(statSync(precious).mode & 0o777).toBe(0o600);

    mkdirSync(join(out, "elsewhere"));
    rmSync(join(target, "blobs"), { recursive: true });
    symlinkSync(join(out, "elsewhere"), join(target, "blobs"));
    await expect(exportImage(images.path, "tool", `oci:${target}:again`)).rejects.toMatchObject({
      code: "bad_archive",
    });
    expect(readdirSync(join(out, "elsewhere"))).toEqual([]);
  });

  it("reads no index that is a link", async () => {
    const target = join(out, "layout");
    await exportImage(images.path, "base", `oci:${target}`);
    renameSync(join(target, "index.json"), join(out, "elsewhere"));
    symlinkSync(join(out, "elsewhere"), join(target, "index.json"));
    await expect(exportImage(images.path, "tool", `oci:${target}`)).rejects.toMatchObject({
      code: "bad_archive",
    });
  });

  it("that is stopped leaves nothing", async () => {
    const abort = new AbortController();
    const progress = ({ message }: { message: string }): void => {
      if (message === "writing tool") abort.abort(new Error("enough"));
    };
    const attempt = exportImage(images.path, "tool", `oci:${out}/layout`, { signal: abort.signal, progress });
    await expect(attempt).rejects.toMatchObject({ code: "cancelled" });
    expect(readdirSync(out)).toEqual([]);
  });

  it("of a store that is damaged is refused", async () => {
    const { layers } = await publishLayers(images.path, "tool");
    const path = publishedBlob(images.path, layers[1]?.blob.hex ?? "");
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(path, bytes);
    await expect(exportImage(images.path, "tool", `oci:${out}/layout`)).rejects.toMatchObject({
      code: "bad_archive",
    });
    expect(existsSync(join(out, "layout"))).toBe(false);
  });
});
