import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { routes } from "@assay/contracts";
import { temporaryDirectory } from "@assay/testing";
import { expect, test } from "vitest";
import { startTestServer } from "../../runner/src/testing/real-server.ts";
import { someResult } from "../../runner/src/testing/results.ts";
import { runAssay } from "./testing/run-assay.ts";

const why = process.getuid?.() === 0 ? null : "(skipped: needs root)";
const ofResult = someResult.provenance.image.digest;
const [named, forgotten] = ["b".repeat(64), "c".repeat(64)];

test.skipIf(why !== null)(
  `images gc leaves what results on the server name, and removes nothing when it can't ask ${why ?? ""}`,
  async () => {
    await using server = await startTestServer(15);
    await using directory = await temporaryDirectory();
    const images = join(directory.path, "images");
    await mkdir(join(images, "names"), { recursive: true });
    await writeFile(join(images, "names/tool"), `${named}\n`);
    const place = (digest: string) => mkdir(join(images, digest, "root"), { recursive: true });
    for (const digest of [ofResult, named, forgotten]) await place(digest);
    const here = async () => (await readdir(images)).filter((name) => /^[0-9a-f]{64}$/.test(name)).sort();
    const gc = (...more: string[]) =>
      runAssay(
        ["images", "gc", "--images", images, "--json", ...more],
        { ASSAY_URL: server.url, ASSAY_TOKEN: server.ownerToken },
        { cwd: directory.path },
      );

    await using _ = await server.runner("r", () => Promise.resolve(someResult));
    const { id } = await server.owner.call(routes.createRun, {
      body: { language: "python", source: "pass" },
    });
    const { state } = await server.owner.call(routes.getRun, { params: { id }, query: { wait: 60 } });
    expect(state).toBe("completed");

    const asked = await gc();
    expect(asked.code, asked.stderr).toBe(0);
    expect(JSON.parse(asked.stdout)).toMatchObject({ images: [{ digest: forgotten }] });
    expect(await here()).toEqual([ofResult, named]);

    await place(forgotten);
    await server.stop();
    const alone = await gc();
    expect(alone.code).toBe(3);
    expect(alone.stderr).toMatch(/nothing was removed: no Assay server answers.*--offline/);
    expect(await here()).toEqual([ofResult, named, forgotten]);

    const offline = await gc("--offline");
    expect(offline.code, offline.stderr).toBe(0);
    expect(await here()).toEqual([named]);
  },
);
