import { z } from "zod";
import { parseJson } from "../../http/json.ts";
import { encodeResponse, joined } from "../../model/encode.ts";
import { RequestError } from "../../model/request-error.ts";
import { parseRequest, type Request } from "../../model/request.ts";
import type { Result } from "../../model/result.ts";

/*
 * Messages of the stream interface: a type in the first byte.
 *
 *   client  1 request (JSON, first and once) · 2 resize (JSON) · 3 input (index and fd in one byte, bytes) · 4 cancel
 *   server  1 response (JSON, last) · 2 output (index and fd in one byte, bytes)
 */
const type = { request: 1, resize: 2, input: 3, cancel: 4, response: 1, output: 2 } as const;

/** Index and fd have four bits each. */
const MAX_PACKED = 15;

const number = z
  .number()
  .int()
  .nullish()
  .transform((value) => value ?? 0);
const Resize = z.object({ index: number, fd: number, rows: number, cols: number, x: number, y: number });

export type ClientFrame =
  | { readonly kind: "request"; readonly request: Request }
  | ({ readonly kind: "resize" } & z.infer<typeof Resize>)
  | { readonly kind: "input"; readonly index: number; readonly fd: number; readonly bytes: Buffer }
  | { readonly kind: "cancel" };

/** @throws RequestError for what is no message of this interface */
export function readFrame(data: Buffer): ClientFrame {
  const payload = data.subarray(1);
  const code: number = data[0] ?? 0;
  switch (code) {
    case type.request:
      return { kind: "request", request: checkPacked(parseRequest(parseJson(payload), { streams: true })) };
    case type.resize: {
      const resize = Resize.safeParse(parseJson(payload));
      if (!resize.success) throw new RequestError(400, "a resize needs index, fd, rows, cols, x and y");
      return { kind: "resize", ...resize.data };
    }
    case type.input: {
      const packed = payload[0];
      if (packed === undefined) throw new RequestError(400, "an input names its index and fd");
      return { kind: "input", index: packed >> 4, fd: packed & 0xf, bytes: payload.subarray(1) };
    }
    case type.cancel:
      return { kind: "cancel" };
    default:
      throw new RequestError(400, `invalid type code: ${code}`);
  }
}

export const outputFrame = (index: number, fd: number, bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.of(type.output, (index << 4) | fd), bytes]);

export const responseFrame = (results: readonly Result[], error: string): Buffer =>
  Buffer.concat([Buffer.of(type.response), joined(encodeResponse({ requestId: "", results, error }))]);

function checkPacked(request: Request): Request {
  for (const [index, { files }] of request.cmd.entries())
    for (const [fd, file] of files.entries())
      if ((file?.kind === "streamIn" || file?.kind === "streamOut") && Math.max(index, fd) > MAX_PACKED)
        throw new RequestError(400, `streams have an index and an fd of at most ${MAX_PACKED}`);
  return request;
}
