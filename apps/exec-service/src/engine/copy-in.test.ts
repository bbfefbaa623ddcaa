import { temporaryDirectory } from "@assay/testing";
import { describe, expect, it } from "vitest";
import type { CmdFile } from "../model/request.ts";
import { FileStore } from "../store/file-store.ts";
import { copyIn } from "./copy-in.ts";
import { Sources } from "./sources.ts";

async function copied(asked: readonly (readonly [string, CmdFile])[]) {
  await using directory = await temporaryDirectory();
  const options = { directory: directory.path, maxBytes: 1e9, maxFiles: 10, ttlMs: null, now: () => 0 };
  await using store = new FileStore(options);
  return await copyIn(asked, { store, sources: await Sources.of([]) });
}

const text = (content: string): CmdFile => ({ kind: "memory", content });

describe("files copied in", () => {
  it("are executable, and links point anywhere", async () => {
    expect(
      await copied([
        ["d/a", text("x")],
        ["l", { kind: "symlink", target: "/etc/passwd" }],
      ]),
    ).toEqual({
      files: [
        { path: "d/a", mode: 0o777, content: Buffer.from("x") },
        { path: "l", target: "/etc/passwd" },
      ],
      errors: [],
    });
  });

  it("can't be where another file or directory is", async () => {
    const { files, errors } = await copied([
      ["a/b/c", text("")],
      ["a/b", text("")],
      ["a/b/c/d", text("")],
      ["/w/a/./b/c", text("again")],
    ]);
    expect(files.map(({ path }) => path)).toEqual(["a/b/c", "a/b/c"]);
    expect(errors.map(({ name, type }) => [name, type])).toEqual([
      ["a/b", "CopyInCreateFile"],
      ["a/b/c/d", "CopyInCreateDir"],
    ]);
  });

  it("are not more than one message to sandboxd carries", async () => {
    const large = text("x".repeat(70 * 1024 * 1024));
    const { files, errors } = await copied([
      ["a", large],
      ["b", large],
      ["c", text("")],
    ]);
    expect(files.map(({ path }) => path)).toEqual(["a", "c"]);
    expect(errors).toMatchObject([{ name: "b", type: "CopyInCopyContent" }]);
    const many = Array.from({ length: 16_385 }, (_, number) => [String(number), text("")] as const);
    await expect(copied(many)).rejects.toMatchObject({ status: 400 });
  });
});
