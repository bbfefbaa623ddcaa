import { randomUUID } from "node:crypto";
import { standardPolicy, defaultRunLimits, plainRun } from "@assay/contracts";
import type { JudgePayload, RunPayload } from "@assay/contracts";
import { imageStore } from "@assay/images";
import { reportStore } from "@assay/judging";
import type { Language } from "@assay/languages";
import { sandboxOrSkip, temporaryDirectory } from "@assay/testing";
import { afterAll, describe, expect, test } from "vitest";
import { GivenBack, JobRefused } from "../attempts/endings.ts";
import { Offers } from "../offers/offers.ts";
import { startPackagePeer } from "../testing/package-peer.ts";
import { workOf } from "../testing/work.ts";
import { driverOf } from "./drivers.ts";
import { executeOn } from "./execute.ts";
import { machine } from "./machine.ts";
import type { Machine } from "./machine.ts";

const box = await sandboxOrSkip({ slots: 2 });
afterAll(() => box[Symbol.asyncDispose]());

const environment = { PATH: "/usr/bin:/bin" };

/** Scripts for the shell of the test image. */
const shell: Language = {
  id: "shell",
  family: "shell",
  release: "1",
  name: "Shell",
  aliases: [],
  image: "tiny",
  extensions: [".sh"],
  defaultSource: "main.sh",
  highlighting: "shell",
  translation: "checked",
  programs: "bash",
  without: {},
  entryPoint: () => "main.sh",
  compile: (files) => ({ argv: ["sh", "-n", ...files], env: environment, outputs: [] }),
  compileMinimum: { memoryBytes: 0, processes: 1, diskBytes: 0 },
  run: (_, args = []) => ({ argv: ["sh", "main.sh", ...args], env: environment }),
  version: { argv: ["true"], env: environment, parse: () => "1" },
};

/** Its compiler is not in the image. */
const broken: Language = {
  ...shell,
  compile: () => ({ argv: ["no-such-compiler"], env: environment, outputs: [] }),
};

const fixture = async (image = box.get().image, language = shell) => {
  await using resources = new AsyncDisposableStack();
  const directory = resources.use(await temporaryDirectory());
  const peer = resources.use(await startPackagePeer());
  const { sandbox } = box.get();
  const offers = await Offers.inspect(
    {
      native: {
        store: imageStore(directory.path),
        sandbox,
        reports: reportStore(directory.path),
        levels: () => [],
      },
      wasm: null,
      languages: [],
    },
    new AbortController().signal,
  );
  const drivers = [driverOf("native", sandbox, { maxBytes: 1e7, store: null })];
  const parts = machine(
    { drivers, offers, chosenImages: null, supply: null, packages: peer.packages, speedFactor: null },
    "test",
  );
  const own: Machine = {
    ...parts,
    toolsFor: async () => ({
      language,
      provenance: {
        image: { name: "tiny", digest: image },
        language: { id: "shell", version: "1" },
        runner: "test",
      },
    }),
  };
  const kept = resources.move();
  return {
    digest: peer.digest,
    execute: executeOn(own),
    executeWithCatalogue: executeOn(parts),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
};

const run = (script: string, change: Partial<RunPayload> = {}): RunPayload => ({
  kind: "run",
  language: "shell",
  files: [{ path: "main.sh", content: script }],
  dataFiles: [],
  args: [],
  stdinBase64: "",
  limits: { ...defaultRunLimits, wallMs: 20_000 },
  stopAtProcessLimit: true,
  options: plainRun,
  requires: { isolation: null },
  ...change,
});

const judge = (manifest: string, script: string): JudgePayload => ({
  kind: "judge",
  language: "shell",
  files: [{ path: "main.sh", content: script }],
  manifest,
  mode: "first_failure",
  timeMs: null,
  policy: standardPolicy,
  requires: { isolation: null },
});

describe.skipIf(box.skip !== null)(`executors ${box.skip ?? ""}`, () => {
  test("a run gets its arguments, standard input and data files, and answers with its origin", async () => {
    await using f = await fixture();
    const payload = run('cat; cat note.txt; echo "$1"', {
      args: ["arg"],
      stdinBase64: Buffer.from("in\n").toString("base64"),
      dataFiles: [{ path: "note.txt", contentBase64: Buffer.from("data\n").toString("base64") }],
    });
    const { work, events } = workOf(payload);
    const result = await f.execute(work);
    expect(result).toMatchObject({
      kind: "run",
      stdout: { text: "in\ndata\narg\n", exact: true },
      outcome: { status: "exited", exitCode: 0 },
      provenance: { runner: "test", image: { name: "tiny", digest: box.get().image } },
    });
    expect(events.map(({ type }) => type)).toEqual(["compile"]);
  });

  test.each([
    ["cat", "AC", 2],
    ["echo wrong", "WA", 0],
    ["cat; exit 3", "RTE", 0],
    ["if", "CE", 0],
  ])("a submission of %j is judged %s", async (script, verdict, passed) => {
    await using f = await fixture();
    const { work } = workOf(judge(f.digest, script));
    expect(await f.execute(work)).toMatchObject({ kind: "judge", verdict, passed, total: 2 });
  });

  test("a package is verified: what it holds is run, and what is wrong with it is told", async () => {
    await using f = await fixture();
    const { work, events } = workOf({
      kind: "verify",
      language: "shell",
      manifest: f.digest,
      shortName: "echo",
      requires: { isolation: null },
    });
    const result = await f.execute(work);
    expect(result).toMatchObject({ kind: "verify", accepted: true, submissions: [] });
    expect(result.kind === "verify" && result.findings.map(({ where }) => where)).toContain(
      "submissions/accepted",
    );
    expect(events.map(({ type }) => type)).toContain("progress");
  });

  test("an attempt that is stopped kills its box and answers nothing", async () => {
    await using f = await fixture();
    const stop = new AbortController();
    const { work, events } = workOf(run("sleep 15"), stop.signal);
    const emit = work.emit;
    const reason = new Error("stopped");
    const stopping = {
      ...work,
      emit: (event: (typeof events)[number]) => {
        emit(event);
        setImmediate(() => stop.abort(reason));
      },
    };
    await expect(f.execute(stopping)).rejects.toBe(reason);
    expect(await f.execute(workOf(run("echo next")).work)).toMatchObject({ stdout: { text: "next\n" } });
  });

  test("an image that sandboxd does not have gives the job back", async () => {
    await using f = await fixture("0".repeat(64));
    await expect(f.execute(workOf(run("true")).work)).rejects.toMatchObject({ lacking: true });
  });

  test("what no sandbox takes is refused, and says nothing against this machine", async () => {
    await using f = await fixture();
    const limits = { ...defaultRunLimits, stackBytes: 1 };
    await expect(f.execute(workOf(run("true", { limits })).work)).rejects.toThrow(JobRefused);
    const dataFiles = [{ path: "../main.sh", contentBase64: "" }];
    await expect(f.execute(workOf(run("true", { dataFiles })).work)).rejects.toThrow(/bad_path/);
  });

  test("a compiler that does not start gives the job back", async () => {
    await using f = await fixture(box.get().image, broken);
    for (const payload of [run("true"), judge(f.digest, "cat")]) {
      const ending = f.execute(workOf(payload).work);
      await expect(ending).rejects.toThrow(GivenBack);
      await expect(ending).rejects.toThrow(/no-such-compiler/);
    }
  });

  test("a language that this machine does not offer gives the job back with the reason", async () => {
    await using f = await fixture();
    const ending = f.executeWithCatalogue(workOf(run("true", { language: "python" })).work);
    await expect(ending).rejects.toThrow(GivenBack);
    await expect(ending).rejects.toThrow("python can't be run here");
    const unknown = f.executeWithCatalogue(workOf(run("true", { language: "klingon" })).work);
    await expect(unknown).rejects.toThrow("no language klingon");
  });

  test("two organizations with the same program each compile it, and only they find it again", async () => {
    await using f = await fixture();
    const cachedFor = async (organizationId: string) => {
      const { work } = workOf(run("echo shared"));
      const result = await f.execute({ ...work, job: { ...work.job, organizationId } });
      return result.kind === "run" ? result.compile?.cached : null;
    };
    const [one, other] = [randomUUID(), randomUUID()];
    await box.get().sandbox.forget("all");
    const seen = [];
    for (const organization of [one, one, other, other, one]) seen.push(await cachedFor(organization));
    expect(seen).toEqual([false, true, false, true, true]);
    expect(await box.get().sandbox.forget("all")).toBe(2);
  });

  test("a sandboxd that dies gives the job back; the next one compiles again what was cached", async () => {
    await using f = await fixture();
    const { work } = workOf(run("echo begun; sleep 15"));
    const first = await f.execute(workOf(run("echo cached")).work);
    const dying = {
      ...work,
      emit: () => setImmediate(() => process.kill(box.get().daemon.pid, "SIGKILL")),
    };
    await expect(f.execute(dying)).rejects.toThrow(GivenBack);
    await box.get().restart();
    const second = await f.execute(workOf(run("echo cached")).work);
    expect(first).toMatchObject({ stdout: { text: "cached\n" } });
    expect(second).toMatchObject({ stdout: { text: "cached\n" } });
  });
});
