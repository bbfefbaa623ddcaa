import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  createReadStream,
  mkdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { createClient } from "@assay/client";
import { answerJson, startPeer } from "@assay/client/testing";
import { defaultRunLimits, plainRun } from "@assay/contracts";
import type { PublishedImage, RunPayload } from "@assay/contracts";
import {
  exportImage,
  imageStore,
  importImage,
  installLayers,
  publishLayers,
  publishedBlob,
} from "@assay/images";
import type { ImageManifest } from "@assay/images";
import { reportStore } from "@assay/judging";
import { openWasm } from "@assay/sandbox";
import { sandboxOrSkip, temporaryDirectory } from "@assay/testing";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { JobRefused } from "../attempts/endings.ts";
import { systemClock } from "../clock.ts";
import { ImageSupply } from "../images/supply.ts";
import { ChosenImages } from "../offers/chosen-image.ts";
import { Offers } from "../offers/offers.ts";
import { startPackagePeer } from "../testing/package-peer.ts";
import { workOf } from "../testing/work.ts";
import { driverOf } from "./drivers.ts";
import { executeOn } from "./execute.ts";
import { machine } from "./machine.ts";

const box = await sandboxOrSkip({ slots: 1 });
const yard = await temporaryDirectory();
afterAll(async () => {
  await box[Symbol.asyncDispose]();
  await yard[Symbol.asyncDispose]();
});

const missing = ((): string => {
  try {
    execFileSync("umoci", ["--version"]);
    return "";
  } catch {
    return "(skipped: needs apt-get install umoci)";
  }
})();

const never = new AbortController().signal;

/** Real executors on the box's own images; no language is offered in an image of its own. */
const fixture = async (kind: "boxes" | "WebAssembly only" = "boxes", supply: ImageSupply | null = null) => {
  await using resources = new AsyncDisposableStack();
  const peer = resources.use(await startPackagePeer());
  const { sandbox, imagesDirectory } = box.get();
  const store = imageStore(imagesDirectory, { recheckMs: 0 });
  const native = { store, sandbox, reports: reportStore(join(yard.path, "reports")), levels: () => [] };
  const offers = await Offers.inspect({ native, wasm: null, languages: [] }, never);
  const drivers =
    kind === "boxes"
      ? [driverOf("native", sandbox, { maxBytes: 1e7, store: null })]
      : [driverOf("wasm", resources.use(openWasm({ slots: 1 })), { maxBytes: 1e6, store: null })];
  const chosenImages = new ChosenImages(store, sandbox);
  const parts = { drivers, offers, chosenImages, supply, packages: peer.packages, speedFactor: null };
  const kept = resources.move();
  return { execute: executeOn(machine(parts, "test")), [Symbol.asyncDispose]: () => kept.disposeAsync() };
};

const run = (image: string, change: Partial<RunPayload> = {}): RunPayload => ({
  kind: "run",
  language: "bash",
  files: [{ path: "main.sh", content: "greet" }],
  dataFiles: [],
  args: [],
  stdinBase64: "",
  limits: { ...defaultRunLimits, wallMs: 20_000 },
  stopAtProcessLimit: true,
  options: plainRun,
  requires: { isolation: null },
  image,
  ...change,
});

/** Puts this machine's bash into a directory, with the libraries that it is linked to. */
const addBash = (root: string): void => {
  const libraries = execFileSync("ldd", ["/bin/bash"], { encoding: "utf8" }).matchAll(/(\/[^\s:]+) \(0x/g);
  for (const file of ["/bin/bash", ...[...libraries].map((match) => match[1] ?? "")]) {
    const target = join(root, file.startsWith("/usr/") ? file : join("usr", file));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(file, target);
    chmodSync(target, 0o755);
  }
};

/** An image of another machine that was published, and executors on this one, where it is not. */
const published = async (name: string) => {
  await using resources = new AsyncDisposableStack();
  const elsewhere = resources.use(await temporaryDirectory());
  const layers = join(elsewhere.path, "images");
  writeFileSync(
    join(yard.path, "bundle/rootfs/usr/local/bin/greet"),
    `#!/bin/bash\necho hello from ${name}\n`,
    { mode: 0o755 },
  );
  const umoci = (...argv: string[]) => execFileSync("umoci", argv, { cwd: yard.path });
  umoci("repack", "--refresh-bundle", "--image", "made:mine", "bundle");
  const image = await importImage(layers, `oci:${join(yard.path, "made")}:mine`, { name });
  const { manifestBytes } = await publishLayers(layers, name);
  const part = { digest: image.digest, size: 1 };
  const offer: PublishedImage = {
    name,
    digest: image.digest,
    manifest: part,
    config: part,
    layers: [part],
    recipe: null,
    architecture: image.architecture,
    sizeBytes: 1,
    transferBytes: 1,
    languages: [],
    publishedAt: "2026-01-01T00:00:00.000Z",
  };
  const peer = resources.use(await startPeer((_, response) => answerJson(response, 200, { items: [offer] })));
  const supply = resources.use(
    new ImageSupply({
      client: resources.use(createClient({ baseUrl: peer.url })),
      clock: systemClock,
      log: pino({ enabled: false }),
      keeper: {
        async get(wish) {
          await installLayers(box.get().imagesDirectory, {
            manifestBytes,
            blob: (digest) => createReadStream(publishedBlob(layers, digest.slice("sha256:".length))),
            expectedTreeDigest: image.digest,
            name: wish.name,
          });
          return image.digest;
        },
      },
      builds: new Set(),
      arrived: () => Promise.resolve(null),
      changed: () => undefined,
    }),
  );
  await supply.look(never);
  const { execute } = resources.use(await fixture("boxes", supply));
  const kept = resources.move();
  return { image, execute, [Symbol.asyncDispose]: () => kept.disposeAsync() };
};

describe.skipIf(box.skip !== null || missing !== "")(`a run in an image ${box.skip ?? missing}`, () => {
  let imported: ImageManifest;

  beforeAll(async () => {
    const umoci = (...argv: string[]) => execFileSync("umoci", argv, { cwd: yard.path });
    umoci("init", "--layout", "made");
    umoci("new", "--image", "made:mine");
    umoci("unpack", "--image", "made:mine", "bundle");
    const root = join(yard.path, "bundle/rootfs");
    addBash(root);
    for (const name of ["bin", "lib", "lib64"]) symlinkSync(`usr/${name}`, join(root, name));
    mkdirSync(join(root, "usr/local/bin"), { recursive: true });
    writeFileSync(join(root, "usr/local/bin/greet"), "#!/bin/bash\necho hello from mine\n", { mode: 0o755 });
    umoci("repack", "--image", "made:mine", "bundle");
    imported = await importImage(box.get().imagesDirectory, `oci:${join(yard.path, "made")}:mine`);
  });

  test("that umoci made of a directory finds its programs, and names it as its origin", async () => {
    await using f = await fixture();
    for (const name of ["mine", imported.digest]) {
      expect(await f.execute(workOf(run(name)).work)).toMatchObject({
        kind: "run",
        stdout: { text: "hello from mine\n" },
        outcome: { status: "exited", exitCode: 0 },
        provenance: {
          image: { name: "mine", digest: imported.digest },
          language: { id: "bash", version: expect.stringMatching(/^\d+\.\d+/) },
          runner: "test",
        },
      });
    }
  });

  test("that came back from an export is the same", async () => {
    await using f = await fixture();
    const { imagesDirectory } = box.get();
    const layout = `oci:${join(yard.path, "exported")}`;
    await exportImage(imagesDirectory, "mine", layout);
    const again = await importImage(imagesDirectory, layout, { name: "again" });
    expect(again.digest).toBe(imported.digest);
    expect(await f.execute(workOf(run("again")).work)).toMatchObject({
      stdout: { text: "hello from mine\n" },
    });
  });

  test("without the language's tools is refused with what is missing", async () => {
    await using f = await fixture();
    const ending = f.execute(workOf(run("mine", { language: "python" })).work);
    await expect(ending).rejects.toThrow(JobRefused);
    await expect(ending).rejects.toThrow(/^python can't be run in the image mine: .*python3/);
  });

  test.each(["nowhere", "0".repeat(64)])("that is not here is given back: %s", async (name) => {
    await using f = await fixture();
    const ending = f.execute(workOf(run(name)).work);
    // To another runner; whoever submits a job can name any image, so nothing is wrong with this machine.
    await expect(ending).rejects.toMatchObject({ lacking: true, blamesMachine: false });
    await expect(ending).rejects.toThrow(`this runner has no image ${name}`);
  });

  test.each(["name", "digest"])("that is only published is fetched first, by its %s", async (by) => {
    await using f = await published(`far-${by}`);
    const { work, events } = workOf(run(by === "name" ? f.image.name : f.image.digest));
    expect(await f.execute(work)).toMatchObject({
      stdout: { text: `hello from far-${by}\n` },
      provenance: { image: { name: f.image.name, digest: f.image.digest } },
    });
    expect(events).toContainEqual(
      expect.objectContaining({ type: "image", name: f.image.name, state: "ready", digest: f.image.digest }),
    );
  });

  test("in WebAssembly is refused: there are no images", async () => {
    await using f = await fixture("WebAssembly only");
    const ending = f.execute(workOf(run("mine", { requires: { isolation: "wasm" } })).work);
    await expect(ending).rejects.toThrow(JobRefused);
    await expect(ending).rejects.toThrow("WebAssembly has no images");
  });

  test("that was changed is given back before anything runs in it", async () => {
    await using f = await fixture();
    const { imagesDirectory } = box.get();
    const root = join(imagesDirectory, imported.digest, "root");
    const greet = join(root, "usr/local/bin/greet");
    cpSync(greet, join(yard.path, "greet"));
    writeFileSync(greet, "#!/bin/bash\necho HELLO from mine\n");
    const ending = f.execute(workOf(run("mine")).work);
    await expect(ending).rejects.toMatchObject({ lacking: true, blamesMachine: true });
    await expect(ending).rejects.toThrow(
      "the image mine is damaged on this runner: content of usr/local/bin/greet changed",
    );
    rmSync(greet);
    cpSync(join(yard.path, "greet"), greet);
  });
});
