import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { layerDifference } from "../layers.ts";
import type { ImageManifest } from "../manifest.ts";
import { sha256 } from "./crafted.fixture.ts";
import { Images } from "./placed.fixture.ts";
import { layerTar } from "./tar/layer-tar.ts";
import { Yard } from "./unpacked.fixture.ts";

let images: Images;
beforeEach(() => {
  images = new Images();
});
afterEach(() => images[Symbol.dispose]());

const layerOf = async (image: ImageManifest, below: ImageManifest | null = null): Promise<Buffer> => {
  const parent = below === null ? null : images.treeText(below.digest);
  const difference = layerDifference(parent, images.treeText(image.digest));
  return Buffer.concat(await Array.fromAsync(layerTar(difference, images.places.root(image.digest))));
};

const long = "a-directory-with-a-name-of-some-length/".repeat(7);

const fill = (root: string): void => {
  mkdirSync(join(root, "usr/bin"), { recursive: true });
  writeFileSync(join(root, "usr/bin/tool"), "tool", { mode: 0o755 });
  writeFileSync(join(root, "usr/ünï-日本"), "names in UTF-8");
  writeFileSync(Buffer.concat([Buffer.from(`${root}/usr/`), Buffer.from([0xff, 0xfe])]), "bytes");
  writeFileSync(join(root, "usr/line\nend"), "");
  writeFileSync(join(root, "usr/large"), Buffer.alloc(600_000, "x"));
  mkdirSync(join(root, long), { recursive: true });
  writeFileSync(join(root, long, "n".repeat(120)), "deep");
  mkdirSync(join(root, "d".repeat(99)));
  mkdirSync(join(root, "e".repeat(100)));
  symlinkSync("/usr/bin", join(root, "bin"));
  symlinkSync(`${"up/".repeat(50)}x`, join(root, "long-link"));
};

describe("a layer as tar", () => {
  it("is the same bytes for the same tree, whatever the times and the order of making", async () => {
    const first = await layerOf(await images.place("one", fill));
    using elsewhere = new Images();
    const image = await elsewhere.place("two", (root) => {
      fill(root);
      renameSync(join(root, "usr/bin/tool"), join(root, "aside"));
      writeFileSync(join(root, "usr/bin/tool"), "tool", { mode: 0o711 });
      rmSync(join(root, "aside"));
      utimesSync(join(root, "usr"), 1, 1);
    });
    const difference = layerDifference(null, elsewhere.treeText(image.digest));
    const second = Buffer.concat(
      await Array.fromAsync(layerTar(difference, elsewhere.places.root(image.digest))),
    );
    expect(sha256(second)).toBe(sha256(first));
  });

  it("is read by GNU tar, entry for entry", async () => {
    const image = await images.place("one", fill);
    const root = join(images.path, "extracted");
    mkdirSync(root);
    execFileSync("tar", ["--extract", "--preserve-permissions", `--directory=${root}`], {
      input: await layerOf(image),
    });
    execFileSync("diff", ["--recursive", "--no-dereference", images.places.root(image.digest), root]);
    const listing = execFileSync("tar", ["--list", "--verbose", "--numeric-owner"], {
      input: await layerOf(image),
      encoding: "utf8",
    });
    for (const line of listing.trim().split("\n"))
      expect(line).toMatch(/^(?:drwxr-xr-x|-rw-r--r--|-rwxr-xr-x|lrwxrwxrwx) 0\/0 +\d+ 2023-06-10 /);
  });

  it("is read by ourselves, entry for entry, together with the layers upon it", async () => {
    const below = await images.place("below", fill);
    const above = await images.place("above", (root) => {
      fill(root);
      rmSync(join(root, "usr/large"));
      rmSync(join(root, "usr/bin"), { recursive: true });
      writeFileSync(join(root, "usr/bin"), "a file now");
      rmSync(join(root, long), { recursive: true });
      rmSync(join(root, "bin"));
      mkdirSync(join(root, "bin"));
      writeFileSync(join(root, "bin/new"), "new");
    });
    const layers = [await layerOf(below), await layerOf(above, below)];
    using yard = new Yard();
    await yard.unpack(layers);
    execFileSync("diff", ["--recursive", "--no-dereference", images.places.root(above.digest), yard.root]);
    const names = execFileSync("tar", ["--list", "--quoting-style=literal"], {
      input: layers[1],
      encoding: "utf8",
    }).trim();
    const part = "a-directory-with-a-name-of-some-length/";
    expect(names.split("\n")).toEqual([
      ...[1, 2, 3, 4, 5, 6].map((depth) => part.repeat(depth)),
      `${part.repeat(6)}.wh.${part.slice(0, -1)}`,
      "bin/",
      "bin/new",
      "usr/",
      "usr/.wh.large",
      "usr/bin",
    ]);
  });

  it("is nothing but its end between equal trees", async () => {
    const image = await images.place("one", fill);
    expect(await layerOf(image, image)).toEqual(Buffer.alloc(1024));
  });

  it("refuses names that would be whiteouts", async () => {
    const image = await images.place("one", (root) => {
      mkdirSync(join(root, "a/.wh.dir"), { recursive: true });
    });
    await expect(layerOf(image)).rejects.toMatchObject({
      code: "build_failed",
      message: expect.stringMatching(/"a\/\.wh\.dir" has the name of a whiteout/),
    });
  });

  const damage: [string, (root: string) => void][] = [
    ["other content of the same size", (root) => writeFileSync(join(root, "usr/bin/tool"), "TOOL")],
    ["another size", (root) => writeFileSync(join(root, "usr/bin/tool"), "tool!")],
    [
      "a pipe",
      (root) => {
        rmSync(join(root, "usr/bin/tool"));
        execFileSync("mkfifo", [join(root, "usr/bin/tool")]);
      },
    ],
    [
      "another target",
      (root) => {
        rmSync(join(root, "bin"));
        symlinkSync("/usr/BIN", join(root, "bin"));
      },
    ],
  ];
  it.each(damage)("is not made of an image with %s", async (_, break_) => {
    const image = await images.place("one", fill);
    break_(images.places.root(image.digest));
    await expect(layerOf(image)).rejects.toMatchObject({ code: "damaged" });
  });
});
