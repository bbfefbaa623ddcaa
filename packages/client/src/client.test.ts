import { randomUUID } from "node:crypto";
import { routes } from "@assay/contracts";
import { expect, test } from "vitest";
import { createClient } from "./client.ts";
import { ApiError, ServerUnavailable, UnexpectedAnswer, isTemporary, retryAfterMs } from "./errors.ts";
import { answerJson, answerProblem, bodyOf, startPeer } from "./testing/peer.ts";

const runnerId = randomUUID();

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail("it did not throw"),
    (error: unknown) => error,
  );

test("a call carries method, path, query, token, correlation id and body, and parses the answer", async () => {
  const seen: unknown[] = [];
  await using peer = await startPeer(async (request, response) => {
    seen.push(request.method, request.url, request.headers.authorization, request.headers["x-request-id"]);
    seen.push(JSON.parse((await bodyOf(request)).toString()));
    answerJson(response, 200, { refused: [], cancelled: [], addedByANewerServer: true });
  });
  await using client = createClient({ baseUrl: `${peer.url}/sub/`, token: "t-1", correlationId: "c-9" });
  const answer = await client.call(routes.beat, { body: { runnerId, attempts: [] } });
  expect(answer).toEqual({ refused: [], cancelled: [] });
  expect(seen).toEqual(["POST", "/sub/api/v1/runner/beat", "Bearer t-1", "c-9", { runnerId, attempts: [] }]);
});

test("parameters are escaped, so that no value can reach another path", async () => {
  const paths: (string | undefined)[] = [];
  await using peer = await startPeer((request, response) => {
    paths.push(request.url);
    answerProblem(response, 404, "not_found");
  });
  await using client = createClient({ baseUrl: peer.url });
  await caught(client.call(routes.getProblem, { params: { id: "../tokens?x=1#y" } }));
  await caught(client.call(routes.listProblems, { query: { limit: 5, cursor: "a&b" } }));
  expect(paths).toEqual([
    "/api/v1/problems/..%2Ftokens%3Fx%3D1%23y",
    "/api/v1/problems?limit=5&cursor=a%26b",
  ]);
  expect(await caught(client.call(routes.getProblem, { params: { id: ".." } }))).toBeInstanceOf(TypeError);
});

test("problem details become an ApiError with everything that they say", async () => {
  await using peer = await startPeer((_, response) =>
    answerProblem(response, 422, "package_invalid", {
      issues: [{ where: "problem.yaml", line: 3, message: "unknown key" }],
    }),
  );
  await using client = createClient({ baseUrl: peer.url });
  const error = await caught(client.upload(routes.uploadProblem, { body: Buffer.from("x") }));
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    status: 422,
    code: "package_invalid",
    detail: "detail of package_invalid",
    fault: "client",
    issues: [{ where: "problem.yaml", line: 3, message: "unknown key" }],
    correlationId: "c-1",
    retryAfterSeconds: null,
  });
  expect(isTemporary(error)).toBe(false);
});

test.each([
  [503, "7", 7000],
  [429, "0", 0],
  [503, "not a date", 0],
])("%i with Retry-After %s is temporary", async (status, retryAfter, wait) => {
  await using peer = await startPeer((_, response) =>
    answerProblem(response, status, "database_unavailable", { retryAfter }),
  );
  await using client = createClient({ baseUrl: peer.url });
  const error = await caught(client.call(routes.listLanguages, {}));
  expect(isTemporary(error)).toBe(true);
  expect(retryAfterMs(error)).toBe(wait);
});

test("a proxy's own 502 page means that the server is away, its 404 page that this is no Assay", async () => {
  await using peer = await startPeer((request, response) => {
    response.writeHead(request.url === "/healthz" ? 404 : 502, { "content-type": "text/html" });
    response.end("<h1>nginx</h1>");
  });
  await using client = createClient({ baseUrl: peer.url });
  expect(await caught(client.call(routes.listLanguages, {}))).toBeInstanceOf(ServerUnavailable);
  const strange = await caught(client.call(routes.health, {}));
  expect(strange).toBeInstanceOf(UnexpectedAnswer);
  expect(strange).toMatchObject({ status: 404, message: expect.stringContaining("nginx") });
});

test("a 503 that a route answers in its own shape is an answer", async () => {
  const health = { status: "unavailable", checks: [{ name: "database", ok: false, message: "down" }] };
  await using peer = await startPeer((_, response) => answerJson(response, 503, health));
  await using client = createClient({ baseUrl: peer.url });
  expect(await client.call(routes.health, {})).toEqual(health);
});

test.each(["{", '{"refused":[]}', '"text"', ""])(
  "an answer of %j is refused, not passed on",
  async (text) => {
    await using peer = await startPeer((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(text);
    });
    await using client = createClient({ baseUrl: peer.url });
    const error = await caught(client.call(routes.beat, { body: { runnerId, attempts: [] } }));
    expect(error).toBeInstanceOf(UnexpectedAnswer);
  },
);

test("nobody listening, a cut answer and a silent server are ServerUnavailable", async () => {
  await using peer = await startPeer((request, response) => {
    if (request.url === "/healthz") return;
    response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
    response.write("{", () => request.socket.destroy());
  });
  const gone = await startPeer(() => {});
  await gone[Symbol.asyncDispose]();
  await using nobody = createClient({ baseUrl: gone.url });
  await using client = createClient({ baseUrl: peer.url });
  expect(await caught(nobody.call(routes.health, {}))).toBeInstanceOf(ServerUnavailable);
  expect(await caught(client.call(routes.listLanguages, {}))).toBeInstanceOf(ServerUnavailable);
  expect(await caught(client.call(routes.health, { timeoutMs: 20 }))).toBeInstanceOf(ServerUnavailable);
});

test("a caller who withdraws gets its own reason, from the call's signal and from the client's", async () => {
  const arrived = Promise.withResolvers<void>();
  await using peer = await startPeer(() => arrived.resolve());
  const ofCall = new AbortController();
  const ofClient = new AbortController();
  await using client = createClient({ baseUrl: peer.url, signal: ofClient.signal });
  const reason = new Error("enough");
  const call = caught(client.call(routes.health, { signal: ofCall.signal }));
  await arrived.promise;
  ofCall.abort(reason);
  expect(await call).toBe(reason);
  ofClient.abort(reason);
  expect(await caught(client.call(routes.health, {}))).toBe(reason);
});

async function* pieces() {
  for (let i = 0; i < 20; i++) yield Buffer.alloc(100_000, i);
}

test("an upload streams its bytes and tells new from known", async () => {
  const sizes: number[] = [];
  const announced: (string | undefined)[] = [];
  const problem = {
    id: randomUUID(),
    shortName: "sum",
    name: "Sum",
    formatVersion: "legacy",
    packageDigest: "a".repeat(64),
    limits: { timeMs: 1, wallMs: 1, memoryBytes: 1, outputBytes: 1, codeBytes: 1 },
    tests: { sample: 1, secret: 1 },
    languages: "all",
    warnings: [],
    verification: {
      state: "unverified",
      jobId: null,
      reason: null,
      findings: [],
      submissions: [],
      timeLimit: null,
      finishedAt: null,
    },
    createdAt: new Date().toISOString(),
  };
  await using peer = await startPeer(async (request, response) => {
    sizes.push((await bodyOf(request)).length);
    announced.push(request.headers["content-length"]);
    expect(request.headers["content-type"]).toBe("application/gzip");
    answerJson(response, sizes.length === 1 ? 201 : 200, problem);
  });
  await using client = createClient({ baseUrl: peer.url });
  const upload = (body: Uint8Array | AsyncIterable<Uint8Array>) =>
    client.upload(routes.uploadProblem, { body, contentType: "application/gzip" });
  expect(await upload(pieces())).toEqual({ created: true, body: problem });
  expect(await upload(Buffer.alloc(2_000_000))).toEqual({ created: false, body: problem });
  await client.upload(routes.uploadProblem, {
    body: pieces(),
    contentType: "application/gzip",
    size: 2_000_000,
  });
  expect(sizes).toEqual([2_000_000, 2_000_000, 2_000_000]);
  expect(announced).toEqual([undefined, "2000000", "2000000"]);
});

test("bytes arrive as they are; a connection that breaks throws instead of ending them", async () => {
  await using peer = await startPeer((request, response) => {
    const whole = request.url?.includes("/attempts/1/");
    response.writeHead(200, { "content-type": "application/octet-stream", "content-length": "6" });
    if (whole) response.end("abcdef");
    else response.write("abc", () => request.socket.destroy());
  });
  await using client = createClient({ baseUrl: peer.url });
  const read = async (attempt: number) => {
    const chunks: Uint8Array[] = [];
    const params = { id: randomUUID(), attempt, digest: "b".repeat(64) };
    for await (const chunk of client.bytes(routes.readAttemptBlob, { params })) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  };
  expect(await read(1)).toBe("abcdef");
  expect(await caught(read(2))).toBeInstanceOf(ServerUnavailable);
});

test("a URL that is none is refused at once", () => {
  expect(() => createClient({ baseUrl: "localhost:80" })).toThrow(TypeError);
  expect(() => createClient({ baseUrl: "not a url" })).toThrow(TypeError);
});
