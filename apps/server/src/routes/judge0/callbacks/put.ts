import { lookup } from "node:dns";
import type { LookupAddress, LookupOptions } from "node:dns";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import type { MayReach } from "./addresses.ts";

/** A callback goes to an address that it may not reach. */
export class AddressRefused extends Error {
  override readonly name = "AddressRefused";
  constructor(host: string) {
    super(`${host} is not an address that callbacks may reach; the operator can allow its network`);
  }
}

/** The receiver answered, and it was no success. Redirects are not followed. */
export class CallbackRefused extends Error {
  override readonly name = "CallbackRefused";
  constructor(status: number) {
    super(`the receiver answered ${status}`);
  }
}

interface PutOptions {
  readonly mayReach: MayReach;
  readonly signal: AbortSignal;
}

/**
 * Sends JSON by PUT and waits for the status. The address that is connected to is the one that was
 * looked at: a name whose second look-up would give another one gains nothing.
 *
 * @throws AddressRefused, CallbackRefused, an AbortError, and what the network does
 */
export function putJson(address: string, body: string, { mayReach, signal }: PutOptions): Promise<void> {
  const url = new URL(address);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0 && !mayReach(host)) return Promise.reject(new AddressRefused(host));
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = send(url, {
      method: "PUT",
      headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
      agent: false,
      signal,
      lookup: guardedLookup(mayReach),
    });
    sent.once("response", (response) => {
      const status = response.statusCode ?? 0;
      // What the receiver says is nothing to us, however long it is.
      response.destroy();
      if (status >= 200 && status < 300) resolve();
      else reject(new CallbackRefused(status));
    });
    sent.once("error", reject);
    // A receiver that wants another protocol is cut off without an error, and so is who does it late.
    sent.once("close", () => reject(new Error("the receiver closed the connection without an answer")));
    sent.end(body);
  });
}

type Looked = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** The system's look-up, refusing a name as soon as any of its addresses may not be reached. */
const guardedLookup =
  (mayReach: MayReach) =>
  (host: string, options: LookupOptions, done: Looked): void =>
    lookup(host, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null) done(error, "");
      else if (first === undefined || !addresses.every(({ address }) => mayReach(address)))
        done(new AddressRefused(host), "");
      else if (options.all === true) done(null, addresses);
      else done(null, first.address, first.family);
    });
