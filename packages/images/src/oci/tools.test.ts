import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ImageManifest } from "../manifest.ts";
import { exportImage } from "./export/export.ts";
import { importImage } from "./import.ts";
import { Images } from "./placed.fixture.ts";
import { publishLayers } from "./store/publish.ts";
import type { PublishedImage } from "./store/publish.ts";

const missing = (tool: string): string => {
  try {
    execFileSync(tool, ["--version"]);
    return "";
  } catch {
    return `(skipped: needs apt-get install ${tool})`;
  }
};
const isRoot = process.getuid?.() === 0;
const noSkopeo = missing("skopeo");
const noUmoci = missing("umoci");
const noBuildah = missing("buildah");

let images: Images;
let tool: ImageManifest;
let published: PublishedImage;
let yard = "";
beforeEach(async () => {
  images = new Images();
  yard = mkdtempSync(join(tmpdir(), "assay-tools-"));
  const base = await images.place("base", (root) => {
    mkdirSync(join(root, "usr/bin"), { recursive: true });
    writeFileSync(join(root, "usr/bin/sh"), "shell", { mode: 0o755 });
    writeFileSync(join(root, "usr/bin/old"), "old", { mode: 0o755 });
    symlinkSync("usr/bin", join(root, "bin"));
  });
  tool = await images.place(
    "tool",
    (root) => {
      mkdirSync(join(root, "usr/bin"), { recursive: true });
      writeFileSync(join(root, "usr/bin/sh"), "shell", { mode: 0o755 });
      writeFileSync(join(root, "usr/bin/tool-ünï"), "tool", { mode: 0o755 });
      symlinkSync("usr/bin", join(root, "bin"));
    },
    { from: { name: "base", digest: base.digest } },
  );
  published = await publishLayers(images.path, "tool");
});
afterEach(() => {
  images[Symbol.dispose]();
  rmSync(yard, { recursive: true, force: true });
});

const run = (program: string, ...argv: readonly string[]): string =>
  execFileSync(program, argv, { cwd: yard, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const skopeo = (...argv: readonly string[]): string => run("skopeo", "--insecure-policy", ...argv);
const configOf = (reference: string): string =>
  JSON.parse(skopeo("inspect", "--raw", reference)).config.digest;
const isSameTree = (directory: string): string =>
  run("diff", "--recursive", "--no-dereference", images.places.root(tool.digest), directory);

describe.skipIf(noSkopeo !== "")(`skopeo ${noSkopeo}`, () => {
  it.each(["gzip", "zstd", "none"] as const)(
    "copies an exported image, compressed with %s, and gives the same configuration",
    async (compression) => {
      await exportImage(images.path, "tool", `oci:${yard}/out`, { compression });
      skopeo("copy", "oci:out:tool", "oci:copy:tool");
      skopeo("copy", "oci:copy:tool", "dir:plain");
      const config = `sha256:${published.config.hex}`;
      expect([configOf("oci:copy:tool"), configOf("dir:plain")]).toEqual([config, config]);
      using elsewhere = new Images();
      expect((await importImage(elsewhere.path, `oci:${yard}/copy`)).digest).toBe(tool.digest);
    },
  );

  it("copies from the store's own layout", () => {
    skopeo("copy", `oci:${images.path}/oci:tool`, "oci:copy:tool");
    expect(configOf("oci:copy:tool")).toBe(`sha256:${published.config.hex}`);
  });

  it("reads our archives of Docker, and writes ones that we read", async () => {
    await exportImage(images.path, "tool", `docker-archive:${yard}/tool.tar`);
    skopeo("copy", "docker-archive:tool.tar", "oci:copy:tool");
    skopeo("copy", "oci:copy:tool", "docker-archive:copy.tar:example.org/tool:1");
    skopeo("copy", "oci:copy:tool", "oci-archive:archive.tar:tool");
    for (const reference of [`docker-archive:${yard}/copy.tar`, `oci-archive:${yard}/archive.tar`]) {
      using elsewhere = new Images();
      const image = await importImage(elsewhere.path, reference);
      expect(image).toMatchObject({ name: "tool", digest: tool.digest, packages: tool.packages });
    }
  });
});

describe.skipIf(noUmoci !== "")(`umoci ${noUmoci}`, () => {
  it("unpacks an exported image to the same tree", async () => {
    await exportImage(images.path, "tool", `oci:${yard}/out`);
    run("umoci", "unpack", ...(isRoot ? [] : ["--rootless"]), "--image", "out:tool", "bundle");
    expect(isSameTree("bundle/rootfs")).toBe("");
  });

  it.skipIf(!isRoot)("makes images of directories, which are imported (needs root)", async () => {
    run("umoci", "init", "--layout", "made");
    run("umoci", "new", "--image", "made:mine");
    run("umoci", "unpack", "--image", "made:mine", "bundle");
    const root = join(yard, "bundle/rootfs");
    mkdirSync(join(root, "opt"));
    writeFileSync(join(root, "opt/first"), "first");
    run("mknod", join(root, "device"), "c", "1", "3");
    run("umoci", "repack", "--image", "made:mine", "bundle");
    rmSync(join(root, "opt/first"));
    writeFileSync(join(root, "opt/second"), "second", { mode: 0o4711 });
    run("umoci", "repack", "--refresh-bundle", "--image", "made:mine", "bundle");
    const image = await importImage(images.path, `oci:${yard}/made:mine`);
    expect(readFileSync(join(images.places.root(image.digest), "opt/second"), "utf8")).toBe("second");
    expect(
      images
        .treeText(image.digest)
        .split("\n")
        .slice(1)
        .map((line) => line.split(" ").toSpliced(2, 4).join(" ")),
    ).toEqual([
      "d 0755 .",
      "d 0755 dev",
      "d 0755 opt",
      "f 0755 opt/second",
      "d 0755 proc",
      "d 0755 tmp",
      "d 0755 w",
      "",
    ]);
  });
});

describe.skipIf(noBuildah !== "" || !isRoot)(`buildah ${noBuildah} (needs root)`, () => {
  it("makes an image from nothing, which is imported", async () => {
    const buildah = (...argv: readonly string[]): string =>
      run(
        "buildah",
        "--storage-driver=vfs",
        `--root=${yard}/storage`,
        `--runroot=${yard}/run`,
        ...argv,
      ).trim();
    const container = buildah("from", "scratch");
    writeFileSync(join(yard, "hello"), "hello");
    buildah("copy", container, "hello", "/opt/hello");
    buildah("commit", container, "oci:made:mine");
    const image = await importImage(images.path, `oci:${yard}/made`);
    expect(readFileSync(join(images.places.root(image.digest), "opt/hello"), "utf8")).toBe("hello");
  });
});
