import { Problem } from "@assay/contracts";
import { temporaryDatabase } from "@assay/testing";
import type { TemporaryDatabase } from "@assay/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { packed, sumFiles, upload } from "../../testing/factories.ts";
import { problemOf, testServer } from "../../testing/test-server.ts";
import type { TestServer } from "../../testing/test-server.ts";

let temporary: TemporaryDatabase;
let server: TestServer;
beforeAll(async () => {
  temporary = await temporaryDatabase();
  server = await testServer(temporary.url, { maxPackageBytes: 1024 * 1024 });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await temporary[Symbol.asyncDispose]();
});

const get = async (id: string) => await server.send("GET", `/api/v1/problems/${id}`, { token: server.owner });
const without = (...paths: string[]) =>
  Object.fromEntries(Object.entries(sumFiles).filter(([path]) => !paths.includes(path)));

/** So many tests more than the package has. */
const moreTests = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      [`data/secret/more-${index}.in`, "1 1\n"],
      [`data/secret/more-${index}.ans`, "2\n"],
    ]).flat(),
  );

describe("upload", () => {
  it("takes a package, and finds it again by digest, id and short name", async () => {
    const first = await upload(server, server.owner, await packed("adding", sumFiles));
    expect(first.status).toBe(201);
    const problem = Problem.parse(first.json);
    expect(problem).toMatchObject({
      shortName: "adding",
      name: "Sum",
      formatVersion: "2025-09",
      limits: { timeMs: 1000, codeBytes: 4096 },
      tests: { sample: 1, secret: 1 },
      languages: ["python", "c"],
    });
    const again = await upload(server, server.owner, await packed("adding", sumFiles));
    expect(again).toMatchObject({ status: 200, json: problem });
    expect((await get(problem.id)).json).toEqual(problem);
    expect((await get("adding")).json).toEqual(problem);
    expect(problemOf(await get("nosuch")).code).toBe("not_found");
    expect(problemOf(await get("a%00b")).code).toBe("not_found");
    expect((await get("x".repeat(255))).status).toBe(404);
  });

  it("of the same package at once makes one problem", async () => {
    const bytes = await packed("at-once", {
      ...sumFiles,
      "data/secret/2.in": "1 1\n",
      "data/secret/2.ans": "2\n",
    });
    const received = await Promise.all(Array.from({ length: 6 }, () => upload(server, server.owner, bytes)));
    expect(received.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200, 200, 200, 200, 200, 201,
    ]);
    expect(new Set(received.map(({ json }) => Problem.parse(json).id)).size).toBe(1);
  });

  it("takes the short name of the query, and the newest version counts", async () => {
    for (const count of [3, 4]) {
      const bytes = await packed("ignored", { ...sumFiles, ...moreTests(count) });
      expect((await upload(server, server.owner, bytes, "?shortName=versions")).status).toBe(201);
    }
    expect((await get("versions")).json).toMatchObject({ shortName: "versions", tests: { secret: 5 } });
    const { json } = await server.send("GET", "/api/v1/problems", { token: server.owner });
    const names = z
      .object({ items: z.array(Problem) })
      .parse(json)
      .items.map(({ shortName }) => shortName);
    expect(names.filter((name) => name === "versions")).toEqual(["versions"]);
    expect(names).not.toContain("ignored");
  });

  it("takes a form with one file", async () => {
    const form = new FormData();
    const bytes = await packed("form", {
      ...sumFiles,
      "data/sample/2.in": "5 5\n",
      "data/sample/2.ans": "10\n",
    });
    form.set("package", new Blob([new Uint8Array(bytes)]), "form.tar.gz");
    const response = await fetch(`${server.running.url}/api/v1/problems`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.owner}` },
      body: form,
    });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ shortName: "form", tests: { sample: 2 } });
  });

  it.each([
    ["no archive", () => Promise.resolve(Buffer.from("hello")), 422, "package_unreadable"],
    ["nothing", () => Promise.resolve(Buffer.alloc(0)), 422, "package_unreadable"],
    [
      "half an archive",
      async () => (await packed("half", sumFiles)).subarray(0, 200),
      422,
      "package_unreadable",
    ],
    ["a climbing path", () => packed("x", { ...sumFiles, "../../evil": "x" }), 422, "package_unsafe"],
    [
      "a package without test data",
      () =>
        packed(
          "x",
          without("data/sample/1.in", "data/sample/1.ans", "data/secret/1.in", "data/secret/1.ans"),
        ),
      422,
      "package_invalid",
    ],
    ["a test without an answer", () => packed("x", without("data/secret/1.ans")), 422, "package_invalid"],
    ["broken YAML", () => packed("x", { ...sumFiles, "problem.yaml": "name: [\n" }), 422, "package_invalid"],
    [
      "a validator in a language that nobody can run",
      () => packed("x", { ...sumFiles, "output_validator/Check.klingon": "" }),
      422,
      "package_unsupported",
    ],
  ] as const)("refuses %s", async (_name, bytes, status, code) => {
    const details = problemOf(await upload(server, server.owner, await bytes()));
    expect(details).toMatchObject({ status, code, fault: "client" });
  });

  it("names file and line of what is wrong", async () => {
    const yaml = `${sumFiles["problem.yaml"]}colour: red\n`;
    const details = problemOf(
      await upload(server, server.owner, await packed("x", { ...sumFiles, "problem.yaml": yaml })),
    );
    expect(details.code).toBe("package_invalid");
    expect(details.issues).toContainEqual({
      where: "problem.yaml",
      line: 8,
      message: expect.stringContaining("colour"),
    });
  });

  it("refuses more bytes than it takes, stated or not", async () => {
    const bytes = new Uint8Array(1024 * 1024 + 1).fill(7);
    expect(problemOf(await upload(server, server.owner, bytes)).status).toBe(413);
    const stream = new Blob([bytes]).stream();
    const response = await fetch(`${server.running.url}/api/v1/problems`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.owner}`, "content-type": "application/gzip" },
      body: stream,
      duplex: "half",
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ fault: "client" });
  });

  it("refuses JSON and unknown types", async () => {
    for (const type of ["application/json", "text/plain"]) {
      const received = await server.send("POST", "/api/v1/problems", {
        token: server.owner,
        body: "{}",
        headers: { "content-type": type },
      });
      expect(problemOf(received).code).toBe("unsupported_media_type");
    }
  });

  it("makes an older version current again when it is uploaded again", async () => {
    const [old, young] = await Promise.all([
      packed("rev", sumFiles),
      packed("rev", { ...sumFiles, ...moreTests(1) }),
    ]);
    const first = Problem.parse((await upload(server, server.owner, old)).json);
    const second = Problem.parse((await upload(server, server.owner, young)).json);
    expect((await get("rev")).json).toEqual(second);
    expect((await upload(server, server.owner, old)).status).toBe(200);
    expect((await get("rev")).json).toEqual(first);
  });

  it("takes the same content under another short name as another problem", async () => {
    const bytes = await packed("one-name", sumFiles);
    const one = Problem.parse((await upload(server, server.owner, bytes)).json);
    const other = await upload(server, server.owner, bytes, "?shortName=other-name");
    expect(other.status).toBe(201);
    expect(Problem.parse(other.json)).toMatchObject({
      shortName: "other-name",
      packageDigest: one.packageDigest,
    });
  });

  it.each(["../../x", "%00", "a/b", ".hidden", "", "a%20b"])("refuses the short name %s", async (name) => {
    const received = await upload(server, server.owner, await packed("x", sumFiles), `?shortName=${name}`);
    expect(problemOf(received)).toMatchObject({ status: 400, code: "invalid_request" });
  });

  it("refuses a form without a file, and one that can't be read", async () => {
    const forms = [
      [
        "multipart/form-data; boundary=b",
        '--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n--b--\r\n',
      ],
      ["multipart/form-data", "--b--"],
      ["multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form"],
    ] as const;
    for (const [type, body] of forms) {
      const received = await server.send("POST", "/api/v1/problems", {
        token: server.owner,
        body,
        headers: { "content-type": type },
      });
      expect(problemOf(received)).toMatchObject({ status: 400, code: "invalid_request" });
    }
  });
});
