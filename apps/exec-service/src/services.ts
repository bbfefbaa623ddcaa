import type { Sandbox } from "@assay/sandbox";
import type { Engine } from "./engine/engine.ts";
import type { ByteBudget } from "./http/byte-budget.ts";
import type { FileStore } from "./store/file-store.ts";

/** What the routes are made of. */
export interface Services {
  readonly engine: Engine;
  readonly sandbox: Sandbox;
  readonly store: FileStore;
  readonly maxFileBytes: number;
  readonly bodies: { readonly maxBytes: number; readonly budget: ByteBudget };
  readonly about: { readonly fileDirectory: string; readonly image: string };
  readonly sockets: SocketTimes;
}

/** Milliseconds. */
export interface SocketTimes {
  readonly pingMs: number;
  /** How long a client may leave a ping without an answer, or a message untaken. */
  readonly silenceMs: number;
}
