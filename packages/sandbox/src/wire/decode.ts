import type { IsolationFeature } from "@assay/contracts";
import { ByteReader } from "../bytes.ts";
import { SandboxError } from "../error.ts";
import type { RunReport, RunSpec } from "../spec.ts";
import { PROTOCOL_VERSION, closingErrors, errorCodes, fromSlot, isolationOf } from "./protocol.ts";
import { readReport } from "./report.ts";

/** What a slot says of itself when a client connects. */
export interface SlotHello {
  slot: number;
  slots: number;
  isolation: readonly IsolationFeature[];
  /** The uid of this slot's boxes. */
  uid: number;
  /** Names this start of sandboxd; artifacts belong to it. */
  instance: string;
  kernel: string;
}

export type SlotMessage =
  | { type: "hello"; hello: SlotHello }
  | { type: "outcome"; runId: number; readReport: (spec: RunSpec) => RunReport }
  | { type: "forgotten"; count: number }
  /** `closes`: nothing more can be asked on this connection. */
  | { type: "error"; runId: number; error: SandboxError; closes: boolean }
  | RunMessage;

/** What a slot says of a run while it runs. `bytes` is a view of the message. */
export type RunMessage =
  | { type: "output"; runId: number; fd: number; bytes: Buffer }
  | { type: "taken"; runId: number; fd: number; count: number }
  | { type: "held"; runId: number };

/** Reads the payload of one frame. Throws a protocol error on anything that is not a message of this version. */
export function decodeMessage(payload: Buffer): SlotMessage {
  const reader = new ByteReader(payload);
  const type = reader.u8();
  switch (type) {
    case fromSlot.outcome: {
      const runId = reader.u32();
      return { type: "outcome", runId, readReport: (spec) => readReport(reader, spec) };
    }
    case fromSlot.output:
      return { type: "output", runId: reader.u32(), fd: reader.u8(), bytes: reader.rest() };
    case fromSlot.taken:
      return ended(reader, { type: "taken", runId: reader.u32(), fd: reader.u8(), count: reader.u32() });
    case fromSlot.held:
      return ended(reader, { type: "held", runId: reader.u32() });
    case fromSlot.hello:
      return { type: "hello", hello: readHello(reader) };
    case fromSlot.forgotten:
      return ended(reader, { type: "forgotten", count: reader.u32() });
    case fromSlot.error: {
      const runId = reader.u32();
      const code = reader.u16();
      const error = new SandboxError(errorCodes[code] ?? "protocol", reader.str16());
      return ended(reader, { type: "error", runId, error, closes: closingErrors.has(code) });
    }
    default:
      throw new SandboxError("protocol", `sandboxd sent a message of unknown type ${type}`);
  }
}

function ended(reader: ByteReader, message: SlotMessage): SlotMessage {
  reader.end();
  return message;
}

function readHello(reader: ByteReader): SlotHello {
  const version = reader.u16();
  if (version !== PROTOCOL_VERSION) {
    throw new SandboxError(
      "protocol",
      `sandboxd speaks version ${version} of the wire, this program ${PROTOCOL_VERSION}; install both from one release`,
    );
  }
  const hello = {
    slot: reader.u16(),
    slots: reader.u16(),
    isolation: isolationOf(reader.u32()),
    uid: reader.u32(),
    instance: reader.str16(),
    kernel: reader.str16(),
  };
  reader.end();
  return hello;
}
