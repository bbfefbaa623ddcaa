import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { craftEntry, craftTar, endMark, pax, sha256 } from "./crafted.fixture.ts";
import type { CraftedEntry } from "./crafted.fixture.ts";
import { Budget } from "./limits.ts";
import type { UnpackLimits } from "./limits.ts";
import { TreeModel } from "./unpack/model.ts";
import { Yard, chunks } from "./unpacked.fixture.ts";

let yard: Yard;
beforeEach(() => {
  yard = new Yard();
});
afterEach(() => {
  const { outsideIsUntouched } = yard;
  yard[Symbol.dispose]();
  if (!outsideIsUntouched) throw new Error("the attack reached what lies outside of the image");
});

const unpack = (...entries: CraftedEntry[]): Promise<string[]> => yard.unpack([craftTar(...entries)]);
const dir = (name: string): CraftedEntry => ({ name, type: "5" });
const file = (name: string, content = "evil"): CraftedEntry => ({ name, content });
const link = (name: string, target: string): CraftedEntry => ({ name, type: "2", link: target });
const hard = (name: string, target: string): CraftedEntry => ({ name, type: "1", link: target });

describe("names", () => {
  const refused: [string, CraftedEntry[], RegExp][] = [
    ["an absolute name that leads upwards", [file("/../etc/passwd")], /leads out of the image/],
    ["a name that leads upwards", [file("../outside/secret")], /leads out of the image/],
    ["one that does so in the middle", [file("a/../../outside/secret")], /leads out of the image/],
    ["one that does so and comes back", [file("a/../a/x")], /leads out of the image/],
    ["no name", [file("")], /has no name/],
    ["the root as a file", [file(".")], /root of the image is a file/],
    ["the root as a link", [link("./", "/")], /root of the image is a link/],
    [
      "a NUL behind an innocent name",
      [pax(["path", "etc/passwd\0.txt"]), file("x")],
      /has a NUL in its name/,
    ],
    [
      "a long name",
      [file("n".repeat(90) + "/"), pax(["path", "n".repeat(256)]), file("x")],
      /over 255 bytes/,
    ],
    ["a long path", [pax(["path", "dir/".repeat(600)]), dir("x")], /over 2048 bytes/],
    ["a deep path", [pax(["path", "d/".repeat(200)]), dir("x")], /over 128 directories deep/],
    ["a link without a target", [link("a", "")], /empty target/],
    ["a target with a NUL", [pax(["linkpath", "a\0b"]), link("a", "b")], /a NUL in it/],
    ["a target without end", [pax(["linkpath", "x/".repeat(3000)]), link("a", "b")], /more than 4095 bytes/],
  ];
  it.each(refused)("refuses %s", async (_, entries, message) => {
    await expect(unpack(...entries)).rejects.toMatchObject({
      name: "ImageError",
      code: "bad_archive",
      message: expect.stringMatching(message),
    });
  });

  it("keeps names that are not UTF-8 and names with line ends, byte by byte", async () => {
    const entries = [
      file("a\nb", "1"),
      file("\xff\xfe", "2"),
      pax(["path", `${"\xe9".repeat(200)}\n`]),
      file("x", "3"),
    ];
    expect(await unpack(...entries)).toEqual(["a\nb = 1", `${"\xe9".repeat(200)}\n = 3`, "\xff\xfe = 2"]);
  });

  it("takes absolute names from the image's own root", async () => {
    const secret = join(yard.path, "outside/secret");
    const tree = await unpack(dir("/"), file(secret, "mine"), hard("/x", secret), dir("//y//"));
    expect(tree.filter((line) => line.includes("="))).toEqual([`${secret.slice(1)} = mine`, "x = mine"]);
    expect(tree.at(-1)).toBe("y/");
  });

  it("gives names no meaning for the language that they are handled in", async () => {
    const names = ["__proto__", "constructor", "hasOwnProperty", "toString"];
    expect(await unpack(...names.map((name) => file(`${name}/${name}`, name)))).toHaveLength(8);
  });
});

describe("links", () => {
  it("lead to nothing but the image", async () => {
    const outside = join(yard.path, "outside");
    const tree = await unpack(
      link("absolute", outside),
      file("absolute/secret"),
      link("up", "../../outside"),
      file("up/secret"),
      link("chain", "hop"),
      link("hop", "up"),
      file("chain/more"),
    );
    expect(tree.filter((line) => !line.includes("->") && !line.endsWith("/"))).toEqual([
      "outside/more = evil",
      "outside/secret = evil",
      `${outside.slice(1)}/secret = evil`,
    ]);
  });

  it("that replace a directory between two entries take the second one along inside of the image", async () => {
    expect(await unpack(dir("d"), file("d/a", "gone"), link("d", "/elsewhere"), file("d/b", "kept"))).toEqual(
      ["d -> /elsewhere", "elsewhere/", "elsewhere/b = kept"],
    );
  });

  it("are not written through by an entry of the same name", async () => {
    expect(await unpack(link("x", "../../outside/secret"), file("x"))).toEqual(["x = evil"]);
    yard[Symbol.dispose]();
    yard = new Yard();
    expect(await unpack(link("x", "../../outside"), dir("x"), file("x/secret"))).toEqual([
      "x/",
      "x/secret = evil",
    ]);
  });

  const refused: [string, CraftedEntry[], RegExp][] = [
    ["a hard link to outside", [hard("x", "../outside/secret")], /leads out of the image/],
    ["an absolute hard link", [hard("x", "/etc/passwd")], /leads to nothing in the image/],
    ["a hard link to nothing", [hard("x", "etc/passwd")], /leads to nothing in the image/],
    ["a hard link to itself", [hard("x", "x")], /leads to nothing in the image/],
    ["a hard link to a directory", [dir("d"), hard("x", "d")], /leads to a directory/],
    [
      "a hard link through a link to outside",
      [link("out", "../../outside"), hard("x", "out/secret")],
      /leads to nothing in the image/,
    ],
    ["links in a circle", [link("a", "b"), link("b", "a"), file("a/x")], /links without end/],
    ["a link to itself", [link("a", "a"), file("a/x")], /links without end/],
    ["links that grow", [link("a", "a/a/a/a/a/a/a/a"), file("a/x")], /links without end/],
    ["an entry below a file", [file("a"), file("a/b")], /below what is no directory/],
    [
      "an entry below a link to a file",
      [file("a"), link("l", "a"), file("l/b")],
      /below what is no directory/,
    ],
  ];
  it.each(refused)("refuses %s", async (_, entries, message) => {
    await expect(unpack(...entries)).rejects.toMatchObject({
      code: "bad_archive",
      message: expect.stringMatching(message),
    });
  });

  it("makes a hard link to a link a link, which is never followed", async () => {
    const tree = await unpack(link("l", "../../outside/secret"), hard("x", "l"), file("l", "mine"));
    expect(tree).toEqual(["l = mine", "x -> ../../outside/secret"]);
  });

  it("keeps hard links one file", async () => {
    expect(await unpack(file("a", "one"), hard("b", "./a"), hard("d/c", "b"))).toEqual([
      "a = one",
      "b = one",
      "d/",
      "d/c = one",
    ]);
    expect(statSync(join(yard.root, "a")).nlink).toBe(3);
  });
});

describe("entries", () => {
  it("that come twice are the last one", async () => {
    expect(
      await unpack(
        file("x", "1"),
        file("x", "2"),
        dir("y"),
        file("y/z"),
        file("y", "3"),
        file("q"),
        dir("q"),
      ),
    ).toEqual(["q/", "x = 2", "y = 3"]);
  });

  it("that a box can't have are left out, and so is what they replace", async () => {
    expect(
      await unpack(
        file("x"),
        { name: "x", type: "3" },
        { name: "block", type: "4" },
        { name: "pipe", type: "6" },
        file("kept", "1"),
      ),
    ).toEqual(["kept = 1"]);
  });

  it("lose set-uid bits and what only some may do", async () => {
    const tree = await unpack(
      { ...file("su", "1"), mode: 0o4755 },
      { ...file("open", "2"), mode: 0o666 },
      { ...file("closed", "3"), mode: 0 },
      { ...file("sticky", "4"), mode: 0o1777 },
    );
    expect(tree).toEqual(["closed = 3", "open = 2", "sticky = 4 (755)", "su = 1 (755)"]);
  });

  const refused: [string, Buffer, RegExp][] = [
    ["no tar archive", Buffer.from("#!/bin/sh\n".repeat(200)), /not a tar archive/],
    ["nothing", Buffer.alloc(0), /is empty/],
    ["a header whose checksum is wrong", craftTar({ ...file("x"), checksum: 1 }), /checksum is wrong/],
    ["an unknown format", craftTar({ ...file("x"), magic: "custom\x0000" }), /unknown format/],
    ["an unknown kind", craftTar({ ...file("x"), type: "M" }), /unsupported kind "M"/],
    ["a sparse file of GNU", craftTar({ ...file("x"), type: "S" }), /unsupported kind "S"/],
    ["a sparse file of pax", craftTar(pax(["GNU.sparse.major", "1"]), file("x")), /sparse/],
    ["a sparse file of star", craftTar(pax(["SCHILY.realsize", "1000000000000"]), file("x")), /sparse/],
    [
      "a directory with a content",
      craftTar({ ...dir("d"), content: "hidden" }),
      /is a directory and has a content/,
    ],
    ["a link with a content", craftTar({ ...link("l", "t"), content: "hidden" }), /and has a content/],
    [
      "a hard link with a content",
      craftTar(file("a"), { ...hard("l", "a"), content: "x" }),
      /and has a content/,
    ],
    ["a size that is no number", craftTar({ ...file("x"), size: "12345678x90" }), /is not a number/],
    ["a negative size", craftTar({ ...file("x"), size: "\xff".repeat(12) }), /is not a number/],
    [
      "a size beyond all bounds",
      craftTar({ ...file("x"), size: `\x80${"\xff".repeat(11)}` }),
      /beyond all bounds/,
    ],
    [
      "a size that is not there",
      Buffer.concat([craftEntry({ ...file("x"), size: 4096 }), endMark]),
      /stops in the middle/,
    ],
    ["an archive that ends in a header", craftEntry(file("x")).subarray(0, 300), /stops in the middle/],
    ["a pax header and nothing after it", craftTar(pax(["path", "x"])), /stops in the middle/],
    [
      "entries behind the end",
      Buffer.concat([craftTar(file("a")), craftTar(file("b"))]),
      /goes on behind its end/,
    ],
    [
      "entries behind half an end",
      Buffer.concat([craftEntry(file("a")), Buffer.alloc(512), craftEntry(file("b")), endMark]),
      /goes on behind its end/,
    ],
    [
      "garbage behind the end",
      Buffer.concat([craftTar(file("a")), Buffer.alloc(512, "x")]),
      /goes on behind its end/,
    ],
  ];
  it.each(refused)("refuses %s", async (_, tar, message) => {
    await expect(yard.unpack([tar])).rejects.toMatchObject({
      code: "bad_archive",
      message: expect.stringMatching(message),
    });
  });
});

const raw = (content: string): CraftedEntry => ({
  name: "pax",
  type: "x",
  content: Buffer.from(content, "latin1"),
});

describe("pax headers that lie", () => {
  const refused: [string, CraftedEntry[], RegExp][] = [
    [
      "another size than the header has",
      [pax(["size", "0"]), file("x", "content")],
      /has two sizes, 7 and "0"/,
    ],
    ["a larger size", [pax(["size", "1024"]), file("x", "content")], /has two sizes/],
    ["a size that is no number", [pax(["size", "1e3"]), file("x")], /has two sizes/],
    ["a path out of the image", [pax(["path", "../outside/secret"]), file("x")], /leads out of the image/],
    ["a hard link out of the image", [pax(["linkpath", "../outside/secret"]), hard("x", "x")], /leads out/],
    ["a record that is longer than the header", [raw("99 path=x\n"), file("x")], /malformed/],
    ["a record that ends in its middle", [raw("5 path=x\n"), file("x")], /malformed/],
    ["a record without a length", [raw("path=x\n"), file("x")], /malformed/],
    ["a record of length 0", [raw("0 path=x\n"), file("x")], /malformed/],
    ["a record without a key", [raw("6 =xy\n"), file("x")], /malformed/],
    ["a record without an end", [raw("9 path=xy"), file("x")], /malformed/],
    ["a name for all entries", [{ ...pax(["path", "etc/passwd"]), type: "g" }, file("x")], /global header/],
    [
      "a header without end",
      [{ name: "pax", type: "x", size: 8 ** 10 }, file("x")],
      /more than 262144 bytes/,
    ],
    [
      "a long name without end",
      [{ name: "long", type: "L", size: 8 ** 10 }, file("x")],
      /more than 262144 bytes/,
    ],
  ];
  it.each(refused)("refuses %s", async (_, entries, message) => {
    await expect(unpack(...entries)).rejects.toMatchObject({
      code: "bad_archive",
      message: expect.stringMatching(message),
    });
  });

  it("believes a size that has no room in the header, up to what a file may have", async () => {
    await expect(unpack(pax(["size", String(8 ** 11)]), { ...file("x"), size: 0 })).rejects.toMatchObject({
      code: "too_large",
      message: expect.stringMatching(/"x" has 8589934592 bytes, more than/),
    });
  });
});

describe("whiteouts", () => {
  const lower = craftTar(
    dir("d"),
    file("d/a", "a"),
    file("d/b", "b"),
    file("c", "c"),
    dir("e"),
    file("e/f", "f"),
  );
  const upon = (...entries: CraftedEntry[]): Promise<string[]> => yard.unpack([lower, craftTar(...entries)]);

  it("take away what lower layers have", async () => {
    expect(await upon(file("d/.wh.a", ""), file(".wh.e", ""), file(".wh.nothing", ""))).toEqual([
      "c = c",
      "d/",
      "d/b = b",
    ]);
  });

  it("take nothing away that their own layer brings, in either order", async () => {
    expect(
      await upon(file(".wh.c", ""), file("c", "new"), file("d/a", "new"), file("d/.wh.a", "")),
    ).toContain("d/a = new");
    expect(readFileSync(join(yard.root, "c"), "utf8")).toBe("new");
  });

  it("empty a directory of all but what their own layer brings, in either order", async () => {
    expect(
      await upon(
        file("d/new", "1"),
        file("d/.wh..wh..opq", ""),
        file("e/.wh..wh..opq", ""),
        file("e/new", "2"),
      ),
    ).toEqual(["c = c", "d/", "d/new = 1", "e/", "e/new = 2"]);
  });

  it("behind a link hide what is inside of the image", async () => {
    const secret = yard.path.slice(1);
    expect(
      await yard.unpack([
        craftTar(
          link("out", `/${secret}/outside`),
          file(`${secret}/outside/secret`, "copy"),
          link("up", "../../outside"),
        ),
        craftTar(file("out/.wh.secret", ""), file("up/.wh.secret", "")),
      ]),
    ).not.toContain(`${secret}/outside/secret = copy`);
  });

  const refused: [string, CraftedEntry, RegExp][] = [
    ["of its own directory", file("d/.wh..", ""), /names nothing that could be hidden/],
    ["of the directory above", file("d/.wh...", ""), /names nothing that could be hidden/],
    ["of no name", file("d/.wh.", ""), /names nothing that could be hidden/],
    ["of a whiteout", file("d/.wh..wh.x", ""), /names nothing that could be hidden/],
    ["with a content", file("d/.wh.a", "content"), /is no empty file/],
    ["that is a directory", dir("d/.wh.a"), /is no empty file/],
    ["that is a link", link("d/.wh.a", "b"), /is no empty file/],
    ["with entries below it", file("d/.wh.a/b"), /lies below a whiteout/],
    ["outside", file("../outside/.wh.secret", ""), /leads out of the image/],
  ];
  it.each(refused)("are refused: one %s", async (_, entry, message) => {
    await expect(upon(entry)).rejects.toMatchObject({
      code: "bad_archive",
      message: expect.stringMatching(message),
    });
  });
});

describe("amounts", () => {
  const many = craftTar(...Array.from({ length: 200 }, (_, index) => file(`f${index}`, "")));
  const zeros = craftTar({ name: "zeros", content: Buffer.alloc(4 << 20) });
  const refused: [string, Buffer, Partial<UnpackLimits>, RegExp][] = [
    ["many entries", many, { entries: 100 }, /more than 100 files and directories/],
    [
      "directories that are only implied",
      craftTar(file("a/b/c/d/e/f/g")),
      { entries: 5 },
      /more than 5 files/,
    ],
    ["names that fill the memory", many, { nameBytes: 500 }, /names of more than 500 bytes together/],
    [
      "targets of links that do",
      craftTar(link("a", "x".repeat(90)), link("b", "y".repeat(90))),
      { nameBytes: 150 },
      /names of more than 150 bytes together/,
    ],
    ["a large file", zeros, { fileBytes: 1 << 20 }, /"zeros" has 4194304 bytes, more than 1048576/],
    ["a large sum", zeros, { totalBytes: 1 << 20 }, /unpacks to more than 1048576 bytes/],
    [
      "a bomb of gzip",
      gzipSync(zeros),
      { ratio: 100, ratioFromBytes: 1 << 20 },
      /more than 100 times its size/,
    ],
    [
      "a bomb of zstd",
      zstdCompressSync(zeros),
      { ratio: 100, ratioFromBytes: 1 << 20 },
      /more than 100 times/,
    ],
  ];
  it.each(refused)("refuses %s", async (_, bytes, limits, message) => {
    await expect(yard.unpack([bytes], { limits })).rejects.toMatchObject({
      code: "too_large",
      message: expect.stringMatching(message),
    });
  });

  it("looks through a directory once, however often a layer empties it", () => {
    const model = new TreeModel(new Budget());
    const count = 100_000;
    for (let index = 0; index < count; index += 1) model.putDirectory(["d", `${index}`], 1, "");
    // Each by itself would take all of the others: ten thousand million steps.
    for (let index = 0; index < count; index += 1) model.hideAll(["d"], 1);
    for (let index = 0; index < count; index += 1) model.hide(["d"], 1);
    model.putDirectory(["d"], 2, "");
    model.hideAll(["d"], 2);
    expect(model.find(["d"])).toMatchObject({ children: new Map() });
  });

  it("refuses directories that links put into one another", async () => {
    const deep = Array.from({ length: 100 }, () => "d").join("/");
    const entries: CraftedEntry[] = [];
    for (let index = 1; index < 10; index += 1)
      entries.push(pax(["path", deep + "/link".repeat(index)], ["linkpath", deep]), link("x", "x"));
    await expect(unpack(...entries)).rejects.toMatchObject({
      code: "bad_archive",
      message: expect.stringMatching(/over 512 directories deep/),
    });
  });

  it("stops a stream without end", async () => {
    const header = craftEntry({ name: "d", type: "5" });
    const endless = async function* (): AsyncGenerator<Buffer> {
      for (;;) yield header;
    };
    const limits = { totalBytes: 1 << 20 };
    await expect(yard.unpack([endless()], { limits })).rejects.toMatchObject({ code: "too_large" });
  });

  it("stops when it is told to, and leaves no root", async () => {
    const abort = new AbortController();
    const stream = async function* (): AsyncGenerator<Buffer> {
      for await (const chunk of chunks(many)) {
        yield chunk;
        abort.abort(new Error("enough"));
      }
    };
    await expect(yard.unpack([stream()], { signal: abort.signal })).rejects.toThrow("enough");
    expect(readdirSync(join(yard.path, "image"))).toEqual([]);
  });
});

describe("streams", () => {
  const tar = craftTar(file("a", "x".repeat(5000)), file("b", "y"));
  const intact: [string, Buffer][] = [
    ["nothing", tar],
    ["gzip", gzipSync(tar)],
    ["gzip in several members", Buffer.concat([gzipSync(tar.subarray(0, 900)), gzipSync(tar.subarray(900))])],
    ["zstd", zstdCompressSync(tar)],
    [
      "zstd in several frames, some of them without data",
      Buffer.concat([
        Buffer.from("502a4d1804000000abcdef00", "hex"),
        zstdCompressSync(tar.subarray(0, 900)),
        zstdCompressSync(tar.subarray(900, 901)),
        Buffer.from("5f2a4d1800000000", "hex"),
        zstdCompressSync(tar.subarray(901)),
        Buffer.from("502a4d1802000000abcd", "hex"),
      ]),
    ],
  ];
  it.each(intact)("compressed with %s are read in pieces of any size", async (_, bytes) => {
    for (const size of [1, 7, 512, bytes.length]) {
      using other = new Yard();
      expect(await other.unpack([chunks(bytes, size)], { diffIds: [sha256(tar)] })).toEqual([
        `a = ${"x".repeat(5000)}`,
        "b = y",
      ]);
    }
  });

  const broken: [string, Buffer, RegExp][] = [
    ["a truncated archive", tar.subarray(0, 3000), /stops in the middle|has the digest/],
    ["truncated gzip", gzipSync(tar).subarray(0, -4), /can't be decompressed/],
    ["truncated zstd", zstdCompressSync(tar).subarray(0, -4), /stops in the middle|can't be decompressed/],
    ["damaged gzip", flip(gzipSync(tar), 20), /can't be decompressed|has the digest|checksum/],
    [
      "damaged zstd",
      flip(zstdCompressSync(tar), 20),
      /can't be decompressed|has the digest|checksum|damaged|stops/,
    ],
    ["garbage behind gzip", Buffer.concat([gzipSync(tar), Buffer.from("garbage!")]), /can't be decompressed/],
    [
      "garbage behind zstd",
      Buffer.concat([zstdCompressSync(tar), Buffer.from("garbage!")]),
      /something else follows/i,
    ],
    ["one byte that differs", flip(tar, 600), /has the digest [0-9a-f]{64} instead of/],
    ["a digest of something else", craftTar(file("c")), /has the digest [0-9a-f]{64} instead of/],
  ];
  it.each(broken)("refuses %s", async (_, bytes, message) => {
    await expect(yard.unpack([chunks(bytes)], { diffIds: [sha256(tar)] })).rejects.toMatchObject({
      code: "bad_archive",
      message: expect.stringMatching(message),
    });
    expect(readdirSync(join(yard.path, "image"))).toEqual([]);
  });
});

function flip(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ 0x01;
  return changed;
}
