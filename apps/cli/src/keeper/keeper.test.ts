import { chmod, readdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { connect as connectTo, createServer, type Socket } from "node:net";
import { once } from "node:events";
import { createClient } from "@assay/client";
import { answerJson, answerProblem, startPeer } from "@assay/client/testing";
import { KeeperAnswer, routes } from "@assay/contracts";
import { imageStore } from "@assay/images";
import { temporaryDirectory } from "@assay/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packed, plain } from "../../../../packages/images/src/fetch/packed.fixture.ts";
import type { Packed } from "../../../../packages/images/src/fetch/packed.fixture.ts";
import { startTestServer, type TestServer } from "../../../runner/src/testing/real-server.ts";
import { ImageKeeper } from "./keeper.ts";

const isRoot = process.getuid?.() === 0;
/** Nobody on this machine. */
const unpacker = { uid: 64_323, gid: 64_323 };
const never = new AbortController().signal;

/** Two ends of one connection, as a process that is started with a pipe has them. */
const socketPair = async (path: string): Promise<readonly [Socket, Socket]> => {
  const { promise, resolve } = Promise.withResolvers<Socket>();
  const server = createServer(resolve).listen(path);
  await once(server, "listening");
  const ours = connectTo(path);
  const theirs = await promise;
  server.close();
  return [ours, theirs];
};

/** A keeper, and the runner's end of its socket. */
const fixture = async (serverUrl: string, token: string, builds = false) => {
  await using resources = new AsyncDisposableStack();
  const directory = resources.use(await temporaryDirectory());
  await chmod(directory.path, 0o755);
  const images = join(directory.path, "images");
  const log: string[] = [];
  const keeper = resources.use(
    new ImageKeeper({
      images,
      client: createClient({ baseUrl: serverUrl, token }),
      unpacker,
      builds,
      log: (line) => log.push(line),
      wait: () => Promise.resolve(),
    }),
  );
  const connect = async () => {
    const [ours, theirs] = await socketPair(join(directory.path, "socket"));
    keeper.serve(theirs);
    const answers = createInterface({ input: ours })[Symbol.asyncIterator]();
    return {
      stream: ours,
      ask: (request: unknown): void => void ours.write(`${JSON.stringify(request)}\n`),
      /** The next answer that is not about progress. */
      async answer(): Promise<KeeperAnswer | null> {
        for (;;) {
          const { value, done } = await answers.next();
          if (done === true) return null;
          const answer = KeeperAnswer.parse(JSON.parse(value));
          if (answer.type !== "progress") return answer;
        }
      },
      /** Resolves at the first progress of this state. */
      async until(state: string): Promise<void> {
        for (;;) {
          const { value = "" } = await answers.next();
          const answer = KeeperAnswer.parse(JSON.parse(value));
          if (answer.type === "progress" && answer.state === state) return;
          if (answer.type !== "progress") throw new Error(`it ended before that: ${value}`);
        }
      },
    };
  };
  const kept = resources.move();
  return {
    keeper,
    images,
    log,
    connect,
    left: async () => {
      const work = await readdir(join(images, ".building")).catch(() => []);
      const all = await readdir(images).catch(() => []);
      return [...all, ...work].filter((name) => !/^\.building$|\.lock$/.test(name));
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
};

type Fixture = Awaited<ReturnType<typeof fixture>>;
type Runner = Awaited<ReturnType<Fixture["connect"]>>;

describe.skipIf(!isRoot)("the keeper of images (needs root)", () => {
  let server: TestServer;
  let tool: Packed;
  beforeAll(async () => {
    server = await startTestServer(15);
    tool = await packed("tool", [plain]);
    for (const [digest, body] of tool.blobs)
      await server.owner.upload(routes.putImageBlob, { params: { digest }, body });
    const { name, digest, manifest, architecture, sizeBytes } = tool.image;
    const languages = [{ id: "bash", version: "5.2.15" }];
    const body = { name, digest, manifest: manifest.digest, architecture, sizeBytes, languages };
    await server.owner.call(routes.publishImage, { body });
  });
  afterAll(() => server[Symbol.asyncDispose]());
  const fetching = (id = 1) => ({ type: "fetch", id, name: "tool", digest: tool.image.digest });

  test("fetches what the server published, as often as it is asked", async () => {
    await using f = await fixture(server.url, server.runnerToken);
    const runner = await f.connect();
    runner.ask(fetching(1));
    runner.ask(fetching(2));
    const { digest } = tool.image;
    const answers = [await runner.answer(), await runner.answer()];
    expect(answers.toSorted((a, b) => (a?.id ?? 0) - (b?.id ?? 0))).toEqual([
      { type: "done", id: 1, digest },
      { type: "done", id: 2, digest },
    ]);
    expect(await imageStore(f.images).verify("tool")).toMatchObject({ state: "ready", digest });
  });

  test("gets nothing that was not published, or under another name", async () => {
    await using f = await fixture(server.url, server.runnerToken);
    const runner = await f.connect();
    runner.ask({ ...fetching(1), digest: "a".repeat(64) });
    expect(await runner.answer()).toMatchObject({
      type: "failed",
      id: 1,
      reason: expect.stringContaining("no image"),
    });
    runner.ask({ ...fetching(2), name: "python" });
    expect(await runner.answer()).toMatchObject({
      type: "failed",
      id: 2,
      reason: expect.stringContaining("is tool"),
    });
    expect(await f.left()).toEqual([]);
  });

  test("builds nothing where that is not allowed", async () => {
    await using f = await fixture(server.url, server.runnerToken);
    const runner = await f.connect();
    runner.ask({ type: "build", id: 1, name: "base" });
    expect(await runner.answer()).toMatchObject({
      type: "failed",
      reason: expect.stringContaining("--build-images"),
    });
    expect(await f.left()).toEqual([]);
  });

  test("says that the server does not take its token, or does not answer", async () => {
    await using refused = await fixture(server.url, "no-such-token");
    const runner = await refused.connect();
    runner.ask(fetching());
    expect(await runner.answer()).toMatchObject({ type: "failed", id: 1 });
    await using away = await fixture("http://127.0.0.1:9", server.runnerToken);
    const lonely = await away.connect();
    lonely.ask(fetching());
    expect(await lonely.answer()).toMatchObject({
      type: "failed",
      id: 1,
      reason: expect.stringContaining("127.0.0.1:9"),
    });
  });

  test.each([
    ["a path for a name", { type: "fetch", id: 1, name: "../../etc", digest: "a".repeat(64) }],
    ["a path for a digest", { type: "fetch", id: 1, name: "tool", digest: "../../../etc/passwd" }],
    ["a wish that it does not know", { type: "write", id: 1, path: "/etc/passwd" }],
    ["more than it asks for", { type: "build", id: 1, name: "base", recipe: { packages: ["evil"] } }],
  ])("hangs up on a runner that says %s, and serves the next", async (_, request) => {
    await using f = await fixture(server.url, server.runnerToken, true);
    const runner = await f.connect();
    runner.ask(request);
    expect(await runner.answer()).toBeNull();
    expect(f.log).toEqual([expect.stringContaining("can't be read")]);
    expect(await f.left()).toEqual([]);
    const next = await f.connect();
    next.ask(fetching());
    expect(await next.answer()).toMatchObject({ type: "done" });
  });

  test("hangs up on a line without end, before it fills the memory", async () => {
    await using f = await fixture(server.url, server.runnerToken);
    const runner = await f.connect();
    runner.stream.on("error", () => {});
    runner.stream.write("x".repeat(20_000));
    expect(await runner.answer()).toBeNull();
    expect(f.log).toEqual([expect.stringContaining("longer than")]);
  });

  /** A server whose parts come to a halt after their first bytes. */
  const halting = async () => {
    const blobs = new Map(tool.blobs);
    return startPeer((request, response) => {
      const [, blob = ""] = /\/blobs\/([0-9a-f]{64})$/.exec(request.url ?? "") ?? [];
      const bytes = blobs.get(blob);
      if (blob === "") return answerJson(response, 200, tool.image);
      if (bytes === undefined) return answerProblem(response, 404, "not_found");
      response.writeHead(200, { "content-type": "application/octet-stream" });
      if (bytes.length < 10_000) response.end(bytes);
      else response.write(bytes.subarray(0, 10_000));
    });
  };

  const ways: Readonly<Record<string, (f: Fixture, runner: Runner) => unknown>> = {
    "the runner says that nobody waits": async (_, runner) => {
      runner.ask({ type: "cancel", id: 1 });
      return runner.answer();
    },
    "the runner is gone": async (_, runner) => runner.stream.destroy(),
    "the stack stops": async (f) => f.keeper[Symbol.asyncDispose](),
  };

  test.each(Object.entries(ways))("stops and leaves nothing when %s", async (_, end) => {
    await using peer = await halting();
    await using f = await fixture(peer.url, "t");
    const runner = await f.connect();
    runner.ask(fetching());
    await runner.until("fetching");
    expect(await f.left()).toEqual([tool.image.digest]);
    await end(f, runner);
    await f.keeper[Symbol.asyncDispose]();
    expect(await f.left()).toEqual([]);
    expect(f.log).toEqual([
      expect.stringMatching(/^image tool: not fetched: (?:nobody waits|the runner is gone)/),
    ]);
  });

  test("a withdrawn image fails with the reason", async () => {
    await using f = await fixture(server.url, server.runnerToken);
    const other = await packed("other", [[...plain, { name: "usr/other", content: "other" }]]);
    for (const [digest, body] of other.blobs)
      await server.owner.upload(routes.putImageBlob, { params: { digest }, body });
    const { name, digest, manifest, architecture, sizeBytes } = other.image;
    const body = { name, digest, manifest: manifest.digest, architecture, sizeBytes, languages: [] };
    await server.owner.call(routes.publishImage, { body });
    await server.owner.call(routes.deleteImage, { params: { digest }, signal: never });
    const runner = await f.connect();
    runner.ask({ type: "fetch", id: 1, name, digest });
    expect(await runner.answer()).toMatchObject({
      type: "failed",
      reason: expect.stringContaining("any more"),
    });
  });
});
