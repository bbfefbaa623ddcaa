import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { temporaryDirectory } from "@assay/testing";

/** What a program could reach if nothing held it: a file that all may read, and a port. */
export interface ReachableMachine extends AsyncDisposable {
  readonly file: string;
  readonly port: number;
}

export async function openMachine(): Promise<ReachableMachine> {
  await using resources = new AsyncDisposableStack();
  const directory = resources.use(await temporaryDirectory());
  const file = join(directory.path, "readable");
  await writeFile(file, "known", { mode: 0o644 });
  const server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  resources.defer(() => new Promise((resolve) => server.close(() => resolve())));
  const kept = resources.move();
  return {
    file,
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
