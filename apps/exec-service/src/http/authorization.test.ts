import { once } from "node:events";
import { text } from "node:stream/consumers";
import { sandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, it } from "vitest";
import { command, rawConnection, startTestService } from "../testing/service.ts";

const box = await sandboxOrSkip({ slots: 1 });
afterAll(() => box[Symbol.asyncDispose]());

const body = JSON.stringify({ cmd: [command(["/bin/true"])] });
const status = async (url: string, headers: Record<string, string>, method = "POST"): Promise<number> =>
  (await fetch(url, { method, headers, ...(method === "POST" ? { body } : {}) })).status;

/** What a server says to the upgrade of a connection. */
async function upgrade(url: string, path: string, headers: string): Promise<string> {
  const socket = await rawConnection(url);
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n${headers}\r\n`,
  );
  const [first] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  return first.toString().split("\r\n")[0] ?? "";
}

describe.skipIf(box.skip)(`who may use the service ${box.skip ?? ""}`, () => {
  it("is whoever has the token, where there is one", async () => {
    await using service = await startTestService(box.get(), { token: "secret" });
    const run = `${service.url}/run`;
    for (const wrong of ["", "secret", "Bearer", "Bearer secret2", "bearer secret", "Basic secret"])
      expect(await status(run, { authorization: wrong })).toBe(401);
    expect(await status(run, {})).toBe(401);
    expect(await status(run, { authorization: "Bearer secret" })).toBe(200);
    expect(await status(`${run}?token=secret`, {})).toBe(401);
    expect(await status(`${service.url}/file`, {}, "GET")).toBe(401);
    for (const path of ["/ws", "/stream"]) {
      expect(await upgrade(service.url, path, "")).toBe("HTTP/1.1 401 Unauthorized");
      expect(await upgrade(service.url, path, "Authorization: Bearer secret\r\n")).toContain(" 101 ");
    }
    expect(await status(`${service.url}/version`, {}, "GET")).toBe(200);
    expect(await status(`${service.url}/config`, {}, "GET")).toBe(200);
    expect(await status(run, { authorization: "Bearer secret", origin: "https://page.example" })).toBe(200);
  });

  it("is no web page, where there is no token", async () => {
    await using service = await startTestService(box.get(), { origins: ["https://good.example"] });
    const run = `${service.url}/run`;
    expect(await status(run, { origin: "https://page.example" })).toBe(403);
    expect(await status(run, { origin: "null" })).toBe(403);
    expect(await status(run, { origin: "https://good.example" })).toBe(200);
    expect(await upgrade(service.url, "/ws", "Origin: https://page.example\r\n")).toContain(" 403 ");
    expect(await upgrade(service.url, "/stream", "Origin: https://good.example\r\n")).toContain(" 101 ");
  });

  it("has an answer to what is no request at all", async () => {
    await using service = await startTestService(box.get());
    expect(await status(`${service.url}/none`, {}, "GET")).toBe(404);
    expect(await status(`${service.url}/ws`, {}, "GET")).toBe(404);
    expect(await status(`${service.url}/run`, {}, "PUT")).toBe(404);
    const socket = await rawConnection(service.url);
    socket.write("\x16\x03\x01 garbage\r\n\r\n");
    expect(await text(socket)).toContain("400 Bad Request");
    expect(await status(`${service.url}/run`, {})).toBe(200);
  });
});
