import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { expect, it, vi } from "vitest";
import { resolveNpm } from "./npm-registry.ts";

const endless = function* (): Generator<Buffer> {
  for (;;) yield Buffer.alloc(64 * 1024, " ");
};

it("does not keep all that a registry answers without end", async () => {
  const server = createServer((_, response) => {
    Readable.from(endless()).pipe(response);
  }).listen(0, "127.0.0.1");
  try {
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    vi.stubEnv("npm_config_registry", `http://127.0.0.1:${port}/`);
    vi.stubEnv("no_proxy", "127.0.0.1");
    const wanted = { name: { all: "tool" }, version: "1.0.0", into: "usr/lib/tool" };
    await expect(resolveNpm([wanted])).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("more than"),
    });
  } finally {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    server.close();
  }
});
