import type { ImageOffer } from "@assay/contracts";
import { imageStore } from "@assay/images";
import { NotHere, reportStore } from "@assay/judging";
import { languageById } from "@assay/languages";
import { sandboxOrSkip, temporaryDirectory } from "@assay/testing";
import { afterAll, describe, expect, test } from "vitest";
import { GivenBack, ImageNotHad } from "../attempts/endings.ts";
import type { ImageSupply } from "../images/supply.ts";
import { Offers } from "../offers/offers.ts";
import { startPackagePeer } from "../testing/package-peer.ts";
import { someResult } from "../testing/results.ts";
import { leasedJob } from "../testing/server-peer.ts";
import { workOf } from "../testing/work.ts";
import { driverOf } from "./drivers.ts";
import { withImages } from "./images.ts";
import { machine } from "./machine.ts";

const box = await sandboxOrSkip({ slots: 1 });
afterAll(() => box[Symbol.asyncDispose]());

const never = new AbortController().signal;
const { payload } = leasedJob();

/** A machine without any image, where those of these languages can be had; what came is in `got`. */
const fixture = async (change: { whyNot?: string } = {}) => {
  await using resources = new AsyncDisposableStack();
  const directory = resources.use(await temporaryDirectory());
  const peer = resources.use(await startPackagePeer());
  const { sandbox } = box.get();
  const got: string[] = [];
  const supply: Pick<ImageSupply, "offer" | "nameOf" | "version" | "whyNot" | "get"> = {
    nameOf: () => null,
    offer: (missing): ImageOffer => ({ ...missing, digest: "d".repeat(64), state: "fetchable" }),
    version: () => "1.0",
    whyNot: () => change.whyNot ?? null,
    get: async (name) => void got.push(name),
  };
  const languages = ["python", "c"].flatMap((id) => languageById(id) ?? []);
  const native = {
    store: imageStore(directory.path),
    sandbox,
    reports: reportStore(directory.path),
    levels: () => ["namespaces+cgroup+seccomp" as const],
  };
  const offers = await Offers.inspect({ native, supply, wasm: null, languages }, never);
  const parts = { offers, supply, chosenImages: null, packages: peer.packages, speedFactor: null };
  const own = machine(
    { ...parts, drivers: [driverOf("native", sandbox, { maxBytes: 1e6, store: null })] },
    "test",
  );
  const kept = resources.move();
  return { own, offers, got, [Symbol.asyncDispose]: () => kept.disposeAsync() };
};

describe.skipIf(box.skip !== null)(`a job and the images that it needs ${box.skip ?? ""}`, () => {
  test("what can be had is offered, in the version that it was published with", async () => {
    await using f = await fixture();
    expect(f.offers.images).toMatchObject([{ state: "fetchable" }, { state: "fetchable" }]);
    expect(f.offers.languages).toMatchObject([
      { id: "python", available: true, version: "1.0" },
      { id: "c", available: true, version: "1.0" },
    ]);
  });

  test("gets that of its language before it begins", async () => {
    await using f = await fixture();
    const seen: string[][] = [];
    const result = await withImages(f.own, workOf(payload).work, async () => {
      seen.push([...f.got]);
      return someResult;
    });
    expect([result, seen]).toEqual([someResult, [["python"]]]);
  });

  test("gets that of a program of its package when that turns out to be missing, and begins again", async () => {
    await using f = await fixture();
    let runs = 0;
    const result = await withImages(f.own, workOf(payload).work, async () => {
      runs += 1;
      if (runs === 1) throw new NotHere("this machine can't run c", "c");
      return someResult;
    });
    expect([result, runs, f.got]).toEqual([someResult, 2, ["python", "cpp"]]);
  });

  test("goes back when what is missing can't be had by fetching", async () => {
    await using f = await fixture();
    for (const error of [new NotHere("one slot"), new NotHere("no cobol", "no-such-language")]) {
      const ended = withImages(f.own, workOf(payload).work, () => Promise.reject(error));
      await expect(ended).rejects.toThrow(GivenBack);
      await expect(ended).rejects.toThrow(error.message);
    }
  });

  test("goes back at once while its image rests after a failure", async () => {
    await using f = await fixture({ whyNot: "asked for again in 20 s" });
    const ended = withImages(f.own, workOf(payload).work, async () => someResult);
    await expect(ended).rejects.toThrow(ImageNotHad);
    await expect(ended).rejects.toThrow("asked for again in 20 s");
    expect(f.got).toEqual([]);
  });
});
