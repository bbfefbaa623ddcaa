import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { openAddressGuard } from "./addresses.ts";
import { AddressRefused, CallbackRefused, putJson } from "./put.ts";

const nobody = openAddressGuard([]);
const loopback = openAddressGuard(["127.0.0.1", "::1"]);

describe("addresses that callbacks may reach", () => {
  it.each(["93.184.216.34", "8.8.8.8", "172.15.0.1", "172.32.0.1", "192.169.0.1", "2606:4700::1111"])(
    "%s",
    (address) => expect(nobody(address)).toBe(true),
  );

  it.each([
    "127.0.0.1",
    "127.255.0.9",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "0:0:0:0:0:ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001::1",
    "2001:db8::1",
    "fe80::1",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "localhost",
    "",
    "0177.0.0.1",
  ])("not %s", (address) => expect(nobody(address)).toBe(false));

  it("are more where the operator allows a network", () => {
    const guard = openAddressGuard(["10.1.0.0/16", "fd12::/32"]);
    const asked = ["10.1.9.9", "::ffff:10.1.9.9", "10.2.0.1", "fd12::5", "fd13::5", "127.0.0.1"];
    expect(asked.map(guard)).toEqual([true, true, false, true, false, false]);
  });
});

async function receiver(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const put = (url: string, mayReach = loopback, signal = AbortSignal.timeout(10_000)) =>
  putJson(url, '{"a":1}', { mayReach, signal });

describe("putJson", () => {
  it("sends JSON by PUT and closes", async () => {
    const got = Promise.withResolvers<unknown>();
    await using here = await receiver((request, response) => {
      const { method, headers, url } = request;
      void text(request).then((body) => got.resolve({ method, type: headers["content-type"], url, body }));
      response.end("anything");
    });
    await put(`http://127.0.0.1:${here.port}/hook?x=1`);
    expect(await got.promise).toEqual({
      method: "PUT",
      type: "application/json",
      url: "/hook?x=1",
      body: '{"a":1}',
    });
  });

  it.each(["127.0.0.1", "[::1]", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])(
    "connects to nobody at %s unless that is allowed",
    async (host) => {
      let connections = 0;
      await using here = await receiver((_, response) => {
        connections++;
        response.end();
      });
      await expect(put(`http://${host}:${here.port}/`, nobody)).rejects.toThrow(AddressRefused);
      expect(connections).toBe(0);
    },
  );

  it("looks at what a name leads to", async () => {
    await using here = await receiver((_, response) => void response.end());
    expect(await put(`http://localhost:${here.port}/`)).toBeUndefined();
  });

  it("does not follow redirects", async () => {
    let visits = 0;
    await using here = await receiver((_, response) => {
      visits++;
      response.writeHead(302, { location: "/elsewhere" }).end();
    });
    await expect(put(`http://127.0.0.1:${here.port}/`)).rejects.toThrow(CallbackRefused);
    expect(visits).toBe(1);
  });

  it("does not read an answer that never ends", async () => {
    await using here = await receiver((_, response) => {
      response.writeHead(200);
      response.write("x");
    });
    expect(await put(`http://127.0.0.1:${here.port}/`)).toBeUndefined();
  });

  it("speaks no other protocol, however the receiver answers", async () => {
    await using here = await receiver(({ socket }) => {
      socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n");
    });
    await expect(put(`http://127.0.0.1:${here.port}/`)).rejects.toThrow(/without an answer/);
  });

  it("waits no longer than it is told to", async () => {
    await using here = await receiver(() => undefined);
    await expect(put(`http://127.0.0.1:${here.port}/`, loopback, AbortSignal.timeout(20))).rejects.toThrow(
      /aborted/,
    );
  });
});
