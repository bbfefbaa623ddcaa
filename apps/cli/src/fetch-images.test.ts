import { execFile } from "node:child_process";
import { chmod, copyFile, lstat, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { routes, type JobEvent, type PublishedImage, type Run } from "@assay/contracts";
import { imageStore, parseLock } from "@assay/images";
import { catalogueDigests, catalogueDirectory, temporaryDirectory } from "@assay/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../runner/src/testing/real-server.ts";
import { runAssay } from "./testing/run-assay.ts";
import { startRunnerProcess } from "./testing/runner-process.ts";

/*
 * A machine that has an image, a server, and a machine that has none: the real server, the real command
 * line, a real runner with its keeper, its sandbox and the image that ships with Assay.
 */
const digest = (await catalogueDigests())?.get("python") ?? null;
const why =
  process.getuid?.() !== 0
    ? "(skipped: needs root)"
    : digest === null
      ? "(skipped: needs ./assay images build)"
      : null;

/** What a build of Python finds here: its lock, what that names, and the image that it lies upon. */
const prepareBuild = async (images: string, python: string): Promise<void> => {
  const base = (await imageStore(catalogueDirectory).resolve("base")).digest;
  for (const name of ["archives", "locks", "names"]) await mkdir(join(images, name), { recursive: true });
  const lock = await readFile(join(catalogueDirectory, python, "lock.json"), "utf8");
  await writeFile(join(images, "locks/python.json"), lock);
  for (const { sha256 } of parseLock(lock, "python.json").packages)
    // One that is not here comes from the mirror.
    await copyFile(
      join(catalogueDirectory, `archives/sha256-${sha256}`),
      join(images, `archives/sha256-${sha256}`),
    ).catch(() => undefined);
  await promisify(execFile)("cp", ["-a", join(catalogueDirectory, base), images]);
  await writeFile(join(images, "names/base"), `${base}\n`);
};

describe.skipIf(why !== null)(`an image on its way to a runner ${why ?? ""}`, () => {
  const never = new AbortController().signal;
  let server: TestServer;
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let tokenFile: string;
  beforeAll(async () => {
    server = await startTestServer(5);
    directory = await temporaryDirectory();
    await chmod(directory.path, 0o755);
    tokenFile = join(directory.path, "token");
    await writeFile(tokenFile, server.runnerToken, { mode: 0o600 });
  });
  afterAll(async () => {
    await directory[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const push = () =>
    runAssay(
      ["images", "push", "python", "--images", catalogueDirectory, "--json"],
      { ASSAY_URL: server.url, ASSAY_TOKEN: server.ownerToken },
      { cwd: directory.path },
    );
  const start = (source: string): Promise<Run> =>
    server.owner.call(routes.createRun, { body: { language: "python", source }, signal: never });
  const finished = (id: string): Promise<Run> =>
    server.owner.call(routes.getRun, { params: { id }, query: { wait: 60 }, signal: never });
  const storyOf = async (id: string): Promise<JobEvent[]> => Array.fromAsync(server.owner.events(id));

  test("is built where nobody has published it, and the job that waits for it is run", async () => {
    const images = join(directory.path, "images-built");
    await prepareBuild(images, digest ?? "");
    await using _runner = await startRunnerProcess([
      `--server=${server.url}`,
      `--token-file=${tokenFile}`,
      "--slots=1",
      `--images=${images}`,
      `--data=${join(directory.path, "data-built")}`,
      "--build-images",
    ]);
    const { items } = await server.owner.call(routes.listRunners, { signal: never });
    expect(items[0]?.images.find(({ name }) => name === "python")).toMatchObject({
      digest: null,
      state: "fetchable",
      reason: expect.stringContaining("is built here"),
    });
    const { id } = await start("print('built')");
    const told = (await storyOf(id)).flatMap(({ body }) => (body.type === "image" ? [body] : []));
    expect(told.map(({ state }) => state)).toContain("building");
    expect(told.at(-1)).toMatchObject({ state: "ready", name: "python" });
    expect(await finished(id)).toMatchObject({
      state: "completed",
      attempt: 1,
      result: { stdout: { text: "built\n" }, provenance: { image: { digest } } },
    });
    expect(await imageStore(images).verify("python")).toMatchObject({ state: "ready", digest });
    const left = (await readdir(join(images, ".building"))).filter((name) => !name.endsWith(".lock"));
    expect(left).toEqual([]);
  });

  test("is published once, with the languages that work in it, and sent no second time", async () => {
    const first = await push();
    expect(first.code, first.stderr).toBe(0);
    const published: { items: PublishedImage[] } = JSON.parse(first.stdout);
    expect(published.items).toMatchObject([{ name: "python", digest }]);
    expect(published.items[0]?.languages).toContainEqual({
      id: "python",
      version: expect.stringMatching(/^3\.11/),
    });
    const again = await push();
    expect(again.code, again.stderr).toBe(0);
    expect(again.stderr).toContain("image python: 0 B of ");
    expect(again.stderr).toMatch(/images of this organization take [1-9].* of 50\.0 GiB there/);
  });

  test("is fetched by its digest by a runner that lacks it, once for all jobs that wait for it", async () => {
    const [images, data] = [join(directory.path, "images"), join(directory.path, "data")];
    await using _runner = await startRunnerProcess([
      "--server",
      server.url,
      "--token-file",
      tokenFile,
      "--images",
      images,
      "--data",
      data,
      "--slots",
      "2",
    ]);
    const { items } = await server.owner.call(routes.listRunners, { signal: never });
    expect(items[0]?.images.find(({ name }) => name === "python")).toMatchObject({
      digest,
      state: "fetchable",
    });
    const { items: languages } = await server.owner.call(routes.listLanguages, { signal: never });
    expect(languages.find(({ id }) => id === "python")).toMatchObject({
      available: true,
      version: expect.stringMatching(/^3\.11/),
    });

    const jobs = await Promise.all([1, 2, 3, 4].map((n) => start(`print(${n})`)));
    const runs = await Promise.all(jobs.map(({ id }) => finished(id)));
    expect(runs.map(({ result }) => result?.stdout.text)).toEqual(["1\n", "2\n", "3\n", "4\n"]);
    expect(runs.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1]);
    expect(runs.map(({ result }) => result?.provenance.image.digest)).toEqual([
      digest,
      digest,
      digest,
      digest,
    ]);

    const told = (await storyOf(jobs[0]?.id ?? "")).flatMap(({ body }) =>
      body.type === "image" ? [body] : [],
    );
    expect(told.at(-1)).toMatchObject({ state: "ready", name: "python", digest });
    expect(told.map(({ state }) => state)).toContain("fetching");
    const done = told.map((event) => event.done);
    expect(done).toEqual(done.toSorted((a, b) => a - b));

    expect(await imageStore(images).verify("python")).toMatchObject({ state: "ready", digest });
    const { uid, mode } = await lstat(join(images, digest ?? "", "root/usr/bin"));
    expect([uid, mode & 0o7777]).toEqual([0, 0o755]);
    const left = (await readdir(join(images, ".building"))).filter((name) => !name.endsWith(".lock"));
    expect(left).toEqual([]);
    const after = await server.owner.call(routes.listRunners, { signal: never });
    expect(after.items[0]?.images.find(({ name }) => name === "python")).toMatchObject({ state: "ready" });
  });

  test("is fetched anew, and the job is run, when all of the runner was killed half-way", async () => {
    const arguments_ = [
      `--server=${server.url}`,
      `--token-file=${tokenFile}`,
      "--slots=1",
      `--images=${join(directory.path, "images-2")}`,
      `--data=${join(directory.path, "data-2")}`,
    ];
    const killed = await startRunnerProcess(arguments_);
    const { id } = await start("print('kept')");
    for await (const { body } of server.owner.events(id))
      if (body.type === "image" && body.state === "unpacking") break;
    process.kill(killed.pid, "SIGKILL");
    await killed.ended;
    const images = join(directory.path, "images-2");
    expect(await imageStore(images).look("python")).toMatchObject({ state: "missing" });
    await using _again = await startRunnerProcess(arguments_);
    expect(await finished(id)).toMatchObject({
      state: "completed",
      attempt: 2,
      result: { stdout: { text: "kept\n" }, provenance: { image: { digest } } },
    });
    expect(await imageStore(images).verify("python")).toMatchObject({ state: "ready", digest });
    const left = (await readdir(join(images, ".building"))).filter((name) => !name.endsWith(".lock"));
    expect(left).toEqual([]);
  });
});
