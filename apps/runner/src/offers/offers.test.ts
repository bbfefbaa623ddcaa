import { cp, open, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ImageOffer, LanguageReport } from "@assay/contracts";
import { imageStore } from "@assay/images";
import { reportStore } from "@assay/judging";
import { definitionDigest, languageById, languages } from "@assay/languages";
import type { Language } from "@assay/languages";
import { sandboxOrSkip, temporaryDirectory } from "@assay/testing";
import { afterAll, describe, expect, test } from "vitest";
import { GivenBack } from "../attempts/endings.ts";
import { probeLanguage } from "./language-probe.ts";
import { Offers, probed } from "./offers.ts";

const box = await sandboxOrSkip({ slots: 2 });
afterAll(() => box[Symbol.asyncDispose]());

const never = new AbortController().signal;
const bash = languageById("bash");
if (bash === null) throw new Error("the catalogue has no bash");

const asking = (...argv: string[]): Language => ({
  ...bash,
  version: {
    argv,
    env: { PATH: "/usr/bin:/bin" },
    parse: (text) => /^version (\S+)$/m.exec(text)?.[1] ?? null,
  },
});

const image = () => ({ name: "tiny", digest: box.get().image, state: "ready" as const, reason: null });

const probe = (language: Language) => probeLanguage(box.get().sandbox, language, image(), never);

const withReport = async (report: Partial<LanguageReport>) => {
  await using directory = await temporaryDirectory();
  const { sandbox, image: digest } = box.get();
  const language = asking("echo", "version 1.2.3");
  const reports = reportStore(directory.path);
  await reports.write({
    language: language.id,
    version: "5.2.15",
    image: { name: "tiny", digest },
    definition: await definitionDigest(language),
    machine: "here",
    isolation: [],
    at: "2026-01-02T03:04:05.000Z",
    passed: true,
    probes: [],
    startUp: null,
    ...report,
  });
  return (
    (await probed(reports, language, image())) ?? (await probeLanguage(sandbox, language, image(), never))
  );
};

describe.skipIf(box.skip !== null)(`offers ${box.skip ?? ""}`, () => {
  test("a language is offered in the version that its tools tell in a real box", async () => {
    expect(await probe(asking("echo", "version 1.2.3"))).toEqual({
      id: "bash",
      image: "tiny",
      available: true,
      version: "1.2.3",
      reason: null,
      test: null,
    });
  });

  test.each([
    ["a tool that fails", ["false"], "exit code 1"],
    ["a tool that tells something else", ["echo", "hello"], "hello"],
    ["a tool that is missing", ["no-such-tool"], "no-such-tool"],
  ])("%s makes the language unavailable with the reason", async (_, argv, reason) => {
    const offer = await probe(asking(...argv));
    expect(offer).toMatchObject({ available: false, version: null, reason: expect.stringContaining(reason) });
  });

  test("an image that sandboxd does not have makes the language unavailable with the reason", async () => {
    const unknown = { ...image(), digest: "0".repeat(64) };
    const offer = await probeLanguage(box.get().sandbox, asking("echo", "version 1"), unknown, never);
    expect(offer).toMatchObject({ available: false, reason: expect.stringContaining("tiny") });
  });

  test("without images every language is offered as unavailable, and a job for it is given back", async () => {
    await using directory = await temporaryDirectory();
    const store = imageStore(directory.path);
    const all = [...languages.values()];
    const offers = await Offers.inspect(
      {
        native: {
          store,
          sandbox: box.get().sandbox,
          reports: reportStore(directory.path),
          levels: () => ["gvisor"],
        },
        wasm: null,
        languages: all,
      },
      never,
    );
    expect(offers.images.map(({ state }) => state)).toEqual(offers.images.map(() => "missing"));
    expect(offers.languages).toHaveLength(all.length);
    for (const { available, reason } of offers.languages) {
      expect(available).toBe(false);
      expect(reason).toContain("assay images build");
    }
    await expect(offers.provenance(bash, "r", "gvisor")).rejects.toThrow(GivenBack);
    await expect(offers.provenance(bash, "r", "gvisor")).rejects.toThrow("assay images build");
  });

  test("what could be fetched and can't be any more is no longer offered, with the reason", async () => {
    await using directory = await temporaryDirectory();
    const store = imageStore(directory.path);
    const reports = reportStore(directory.path);
    const native = { store, sandbox: box.get().sandbox, reports, levels: () => ["gvisor" as const] };
    let reason: string | null = null;
    const supply = {
      offer: (missing: ImageOffer): ImageOffer =>
        reason === null ? { ...missing, state: "fetchable" } : { ...missing, reason },
      version: () => "5.2",
    };
    const offers = await Offers.inspect({ native, supply, wasm: null, languages: [bash] }, never);
    expect(offers.languages).toMatchObject([{ id: "bash", available: true, version: "5.2" }]);
    expect(offers.withdrawUnobtainable()).toBe(false);
    reason = "the disk is full";
    expect(offers.withdrawUnobtainable()).toBe(true);
    expect(offers.languages).toMatchObject([{ id: "bash", available: false, reason }]);
    expect(offers.images).toMatchObject([{ state: "missing", reason }]);
  });

  test("one changed byte of an image gives its next job back, and none of its languages is offered", async () => {
    await using directory = await temporaryDirectory();
    const { sandbox, imagesDirectory, image: digest } = box.get();
    await cp(imagesDirectory, directory.path, { recursive: true, verbatimSymlinks: true });
    const language = { ...asking("echo", "version 1"), image: "tiny" };
    const store = imageStore(directory.path, { recheckMs: 0 });
    const reports = reportStore(join(directory.path, "reports"));
    const native = { store, sandbox, reports, levels: () => ["gvisor" as const] };
    const offers = await Offers.inspect({ native, wasm: null, languages: [language] }, never);
    const provenance = () => offers.provenance(language, "r", "gvisor");
    expect(await provenance()).toMatchObject({ image: { name: "tiny", digest } });

    const path = join(directory.path, digest, "root/usr/bin/true");
    const { atime, mtime } = await stat(path);
    const flip = async () => {
      await using file = await open(path, "r+");
      const byte = Buffer.alloc(1);
      await file.read(byte, 0, 1, 100);
      await file.write(Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, 100);
      await file.utimes(atime, mtime);
    };
    await flip();
    const damage = "the image tiny is damaged: content of usr/bin/true changed";
    await expect(provenance()).rejects.toMatchObject({ name: "Lacking", lacking: true });
    const offer = { available: false, reason: expect.stringContaining(damage) };
    expect(offers.languages).toMatchObject([offer]);
    await expect(provenance()).rejects.toThrow(damage);

    await offers.refresh(never);
    expect(offers.images).toMatchObject([{ name: "tiny", digest, state: "damaged" }]);
    expect(offers.languages).toMatchObject([{ available: false }]);
    await flip();
    await offers.refresh(never);
    expect(offers.languages).toMatchObject([{ available: true }]);
    expect(await provenance()).toMatchObject({ image: { name: "tiny", digest } });
  });

  describe("what probes found", () => {
    test("counts without asking again", async () => {
      expect(await withReport({})).toMatchObject({
        available: true,
        version: "5.2.15",
        test: { passed: true },
      });
    });

    test("keeps a language that failed from being offered, and says why", async () => {
      const probes = [{ name: "socket", status: "failed" as const, reason: "it reached the network" }];
      expect(await withReport({ passed: false, probes })).toMatchObject({
        available: false,
        reason: "its probes failed on 2026-01-02: socket: it reached the network",
      });
    });

    test("says nothing of another image: its version is asked for", async () => {
      expect(await withReport({ image: { name: "tiny", digest: "0".repeat(64) } })).toMatchObject({
        available: true,
        version: "1.2.3",
        test: null,
      });
    });
  });
});
