import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { archiveName, fetchArchives } from "./archives.ts";
import type { Archive } from "./archives.ts";

let directory = "";
let server: Server;
let requests: string[] = [];
let answer: RequestListener = (_, response) => response.end("content");

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "assay-archives-"));
  requests = [];
  answer = (_, response) => response.end("content");
  server = createServer((request, response) => {
    requests.push(request.url ?? "");
    answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

const base = (): string => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return `http://127.0.0.1:${address.port}`;
};

const archive = (content = "content", paths = ["/tool.deb"]): Archive => ({
  title: "tool 1.0",
  algorithm: "sha256",
  hash: createHash("sha256").update(content).digest("hex"),
  size: content.length,
  urls: paths.map((path) => (path.startsWith("/") ? base() + path : path)),
});

const events: [number, number][] = [];
const fetching = (archives: readonly Archive[], signal?: AbortSignal): Promise<void> => {
  events.length = 0;
  return fetchArchives(directory, archives, {
    signal,
    proxies: {},
    progress: (done, total) => events.push([done, total]),
  });
};

it("fetches each archive once, under the name of its hash, and tells how far it is", async () => {
  const one = archive();
  await fetching([one, one]);
  expect(readdirSync(directory)).toEqual([archiveName(one)]);
  expect(readFileSync(join(directory, archiveName(one)), "utf8")).toBe("content");
  expect(requests).toEqual(["/tool.deb"]);
  expect(events.at(-1)?.[0]).toBe(7);
  await fetching([one]);
  expect(requests).toHaveLength(1);
  expect(events.at(-1)).toEqual([7, 7]);
});

it("fetches again what is kept and no longer right", async () => {
  const one = archive();
  writeFileSync(join(directory, archiveName(one)), "CONTENT");
  await fetching([one]);
  expect(readFileSync(join(directory, archiveName(one)), "utf8")).toBe("content");
});

it("asks the next mirror when one has it no more", async () => {
  answer = (request, response) => {
    response.statusCode = request.url === "/second" ? 200 : 404;
    response.end("content");
  };
  await fetching([archive("content", ["/first", "/second"])]);
  expect(requests).toEqual(["/first", "/second"]);
});

it("names the package that no mirror has any more, and what to do", async () => {
  answer = (_, response) => response.writeHead(404).end();
  await expect(fetching([archive("content", ["/first", "/second"])])).rejects.toMatchObject({
    code: "not_available",
    message: expect.stringMatching(/tool 1\.0.*--update.*--mirror/),
  });
});

it("tries again when a connection breaks, and counts no byte twice", async () => {
  answer = (_, response) => {
    if (requests.length > 1) return void response.end("content");
    response.writeHead(200, { "content-length": "7" });
    response.write("con", () => response.destroy());
  };
  await fetching([archive()]);
  expect(requests).toHaveLength(2);
  expect(events.at(-1)).toEqual([7, 7]);
});

it.each([
  ["other bytes", "CONTENT", /does not send what the lock names/],
  ["fewer bytes", "cont", /does not send what the lock names/],
  ["more bytes", "content and more", /sends more than the 7 bytes/],
])("keeps nothing of %s", async (_, content, message) => {
  answer = (__, response) => response.end(content);
  await expect(fetching([archive()])).rejects.toMatchObject({
    code: "unreachable",
    message: expect.stringMatching(message),
  });
  expect(readdirSync(directory)).toEqual([]);
});

it("follows a redirection, but not to a file of this machine, and not for ever", async () => {
  answer = (request, response) => {
    if (request.url === "/there") return void response.end("content");
    const location =
      request.url === "/file" ? "file:///etc/hostname" : (request.url ?? "").replace("from", "there");
    response.writeHead(302, { location }).end();
  };
  await fetching([archive("content", ["/from"])]);
  await expect(fetching([archive("secret", ["/file"])])).rejects.toThrow(/leads to a local file/);
  await expect(fetching([archive("circle", ["/circle"])])).rejects.toThrow(/from one address to the next/);
});

it("stops at once when it is told to, and leaves nothing half", async () => {
  const stop = new AbortController();
  const reason = new Error("enough");
  const whole = archive("whole", ["/whole"]);
  answer = (request, response) => {
    if (request.url === "/whole") return void response.end("whole");
    response.writeHead(200, { "content-length": "7" });
    response.write("con", () => stop.abort(reason));
  };
  await fetching([whole]);
  await expect(fetching([whole, archive()], stop.signal)).rejects.toBe(reason);
  expect(readdirSync(directory)).toEqual([archiveName(whole)]);
});

it("goes by a proxy", async () => {
  const one = { ...archive(), urls: ["http://mirror.invalid/debian/tool.deb"] };
  await fetchArchives(directory, [one], {
    proxies: { http: base() },
    progress: () => undefined,
  });
  expect(requests).toEqual(["http://mirror.invalid/debian/tool.deb"]);
});
