import { once } from "node:events";
import { createServer } from "node:net";
import { usageError } from "../exit.ts";

/**
 * Says at once, before a database is made, that nothing can be served at an address.
 *
 * @throws CommandFailure naming the address and what to choose instead
 */
export async function requireFreeAddress(host: string, port: number): Promise<void> {
  const probe = createServer();
  try {
    probe.listen(port, host);
    await once(probe, "listening");
  } catch (error) {
    throw usageError(sentence(error as NodeJS.ErrnoException, host, port));
  }
  probe.close();
  await once(probe, "close");
}

function sentence({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === "EADDRINUSE") return `something listens on ${host}:${port} already; choose another --port`;
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return `${host} is no address of this machine; choose another --host`;
  return `nothing can be served at ${host}:${port}: ${message}`;
}
