import { sandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, it } from "vitest";
import { command, shell, startTestService, usual } from "../../testing/service.ts";
import { attachment, contentType } from "./headers.ts";

const box = await sandboxOrSkip({ slots: 2 });
afterAll(() => box[Symbol.asyncDispose]());

describe.skipIf(box.skip)(`/file ${box.skip ?? ""}`, () => {
  it("stores, lists, gives back and removes", async () => {
    await using service = await startTestService(box.get());
    const id = await service.upload("some name.txt", "content");
    const stored = await fetch(`${service.url}/file/${id}`);
    expect(stored.headers.get("content-disposition")).toBe('attachment; filename="some name.txt"');
    expect(stored.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(await stored.text()).toBe("content");
    expect(await (await fetch(`${service.url}/file`)).json()).toEqual({ [id]: "some name.txt" });
    const remove = () => fetch(`${service.url}/file/${id}`, { method: "DELETE" });
    expect((await remove()).status).toBe(200);
    expect((await remove()).status).toBe(404);
    expect((await fetch(`${service.url}/file/${id}`)).status).toBe(404);
    expect(await (await fetch(`${service.url}/file`)).json()).toEqual({});
  });

  it("keeps what a program made for the next one, which may run it", async () => {
    await using service = await startTestService(box.get());
    const made = await service.run(
      shell("echo '#!/bin/sh' > runner; echo 'echo cached-ok' >> runner; echo said", {
        copyOutCached: ["runner", "stdout", "none?"],
      }),
    );
    expect(made).toMatchObject({ status: "Accepted", files: { stderr: "" } });
    const ids = made["fileIds"] as Record<string, string>;
    expect(Object.keys(ids)).toEqual(["runner", "stdout"]);
    const next = await service.run(
      command(["./runner"], {
        files: [{ fileId: ids["stdout"] }, usual[1], usual[2]],
        copyIn: { runner: { fileId: ids["runner"] } },
      }),
    );
    expect(next).toMatchObject({ status: "Accepted", files: { stdout: "cached-ok\n" } });
    const input = { files: [{ fileId: ids["stdout"] }, usual[1], usual[2]] };
    expect(await service.run(command(["/bin/cat"], input))).toMatchObject({ files: { stdout: "said\n" } });
  });

  it("carries bytes as they are", async () => {
    await using service = await startTestService(box.get());
    const made = await service.run(shell("printf '\\377\\0\\1' > out", { copyOutCached: ["out"] }));
    const { out } = made["fileIds"] as Record<string, string>;
    const response = await fetch(`${service.url}/file/${out}`);
    expect(response.headers.get("content-type")).toBe("application/octet-stream");
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.of(0xff, 0, 1));
  });

  it("takes files that are larger than a request may be", async () => {
    await using service = await startTestService(box.get(), { bodyBytes: 2048 });
    const id = await service.upload("large", "x".repeat(3_000_000));
    expect((await (await fetch(`${service.url}/file/${id}`)).text()).length).toBe(3_000_000);
  });

  it("is full at its size: the oldest go, a larger one is refused", async () => {
    await using service = await startTestService(box.get(), { fileBytes: 3_000_000 });
    const first = await service.upload("a", "a".repeat(2_000_000));
    await service.upload("b", "b".repeat(2_000_000));
    expect((await fetch(`${service.url}/file/${first}`)).status).toBe(404);
    const large = new FormData();
    large.append("file", new Blob(["x".repeat(4_000_000)]), "c");
    const refused = await fetch(`${service.url}/file`, { method: "POST", body: large });
    expect(refused.status).toBe(413);
    const made = await service.run(
      shell("head -c 4000000 /dev/zero > out", { copyOutCached: ["out"], memoryLimit: 64e6 }),
    );
    expect(made).toMatchObject({
      status: "File Error",
      fileError: [{ name: "out", type: "CopyOutCreateFile" }],
    });
  });

  it.each([
    ["nothing", undefined, undefined],
    ["no form", "text", "text/plain"],
    ["half a form", "--x\r\nContent-Disposition: form-data; name=", "multipart/form-data; boundary=x"],
    [
      "another field",
      '--x\r\nContent-Disposition: form-data; name="other"; filename="a"\r\n\r\nb\r\n--x--\r\n',
      "multipart/form-data; boundary=x",
    ],
  ])("refuses %s", async (_name, body, type) => {
    await using service = await startTestService(box.get());
    const response = await fetch(`${service.url}/file`, {
      method: "POST",
      ...(body === undefined ? {} : { body, headers: { "content-type": type } }),
    });
    expect(response.status).toBe(400);
    expect(await (await fetch(`${service.url}/file`)).json()).toEqual({});
  });
});

describe("headers of a file", () => {
  it("carry any name, and no more than the name", () => {
    expect(attachment('a"b\\c')).toBe('attachment; filename="a\\"b\\\\c"');
    expect(attachment("é'(\r\nX: y")).toBe("attachment; filename*=UTF-8''%C3%A9%27%28%0D%0AX%3A%20y");
  });

  it("tell text from other bytes", () => {
    expect(contentType(Buffer.from("é\t\r\n\u001b[1m"))).toBe("text/plain; charset=utf-8");
    expect(contentType(Buffer.from("a\0"))).toBe("application/octet-stream");
    expect(contentType(Buffer.alloc(0))).toBe("text/plain; charset=utf-8");
  });
});
