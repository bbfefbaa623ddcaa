import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { requireFreeAddress } from "./address.ts";

test("an address that is taken is refused, one that is free is left free", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await expect(requireFreeAddress("127.0.0.1", port)).rejects.toThrow(/already; choose another --port/);
  server.close();
  await once(server, "close");
  await requireFreeAddress("127.0.0.1", port);
  await requireFreeAddress("127.0.0.1", port);
});

test("an address of another machine is refused by what it is", async () => {
  await expect(requireFreeAddress("192.0.2.1", 0)).rejects.toThrow(/no address of this machine/);
});
