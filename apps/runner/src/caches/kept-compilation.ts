import { createHash } from "node:crypto";
import { CompileReport } from "@assay/contracts";
import type { KeptCompilation } from "@assay/judging";
import { z } from "zod";

const Header = z.strictObject({
  key: z.string(),
  report: CompileReport,
  emptyDirectories: z.array(z.string()),
  files: z.array(
    z.strictObject({
      path: z.string(),
      mode: z.int().min(0).max(0o777),
      bytes: z.int().min(0),
    }),
  ),
});

const digestLength = 64;

/** A compilation as a file: the SHA-256 of all that follows, a line of JSON, and the contents one after the other. */
export function serializeKept(key: string, { report, made }: KeptCompilation): Uint8Array {
  const header: z.input<typeof Header> = {
    key,
    report,
    emptyDirectories: [...made.emptyDirectories],
    files: made.files.map(({ path, mode, content }) => ({ path, mode, bytes: content.byteLength })),
  };
  const body = Buffer.concat([
    Buffer.from(`${JSON.stringify(header)}\n`),
    ...made.files.map(({ content }) => content),
  ]);
  return Buffer.concat([Buffer.from(digestOf(body)), body]);
}

/** Null for a file that is not as it was written, or not of this key. */
export function parseKept(key: string, file: Buffer): KeptCompilation | null {
  const body = file.subarray(digestLength);
  if (file.subarray(0, digestLength).toString("latin1") !== digestOf(body)) return null;
  const end = body.indexOf("\n");
  const header = Header.safeParse(asJson(body.subarray(0, end).toString("utf8")));
  if (!header.success || header.data.key !== key) return null;
  let at = end + 1;
  const { report, emptyDirectories } = header.data;
  const files = header.data.files.map(({ path, mode, bytes }) => {
    const content = body.subarray(at, at + bytes);
    at += bytes;
    return { path, mode, content };
  });
  return at === body.length ? { report, made: { files, emptyDirectories } } : null;
}

const digestOf = (content: Uint8Array): string => createHash("sha256").update(content).digest("hex");

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
