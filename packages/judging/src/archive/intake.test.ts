import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { AssayError } from "@assay/contracts";
import { describe, expect, test } from "vitest";
import { craftTar, craftTarGz, craftZip } from "./crafted.ts";
import type { CraftedTarEntry, CraftedZipEntry } from "./crafted.ts";
import { intakePackage } from "./intake.ts";
import type { PutBlob } from "./intake.ts";
import { defaultArchiveLimits } from "./limits.ts";
import { manifestBytes } from "./manifest.ts";

const MiB = 1024 * 1024;

/** Content-addressed bytes in memory. */
const blobs = () => {
  const stored = new Map<string, Buffer>();
  const put: PutBlob = async (content) => {
    const bytes = await buffer(content);
    const digest = createHash("sha256").update(bytes).digest("hex");
    stored.set(digest, bytes);
    return { digest, size: bytes.length };
  };
  return { stored, put };
};

async function* chunks(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

const take = (archive: Uint8Array, options: Parameters<typeof intakePackage>[2] = {}) =>
  intakePackage(chunks(archive, 64 * 1024), blobs().put, options);

const refusal = async (archive: Uint8Array, options: Parameters<typeof intakePackage>[2] = {}) => {
  const error: unknown = await take(archive, options).then(
    () => new Error("the archive was taken"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AssayError)) throw error;
  return [error.code, error.message] as const;
};

const tree = [
  { name: "sums/problem.yaml", content: "name: Sums\n" },
  { name: "sums/data/secret/1.in", content: "1 2\n" },
  { name: "sums/data/secret/1.ans", content: "3\n" },
];

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const treeOfSums = [
  `{"path":"data/secret/1.ans","sha256":"${sha256("3\n")}","size":2}`,
  `{"path":"data/secret/1.in","sha256":"${sha256("1 2\n")}","size":4}`,
  `{"path":"problem.yaml","sha256":"${sha256("name: Sums\n")}","size":11}`,
];

describe("a sound archive", () => {
  test.each([
    ["zip", craftZip([{ name: "sums/" }, ...tree])],
    ["zip, stored", craftZip(tree.map((entry) => ({ ...entry, stored: true })))],
    [
      "zip, with modes and a comment",
      craftZip(
        tree.map((entry) => ({ ...entry, mode: 0o100755 })),
        { comment: "hello" },
      ),
    ],
    ["tar.gz", craftTarGz([{ name: "sums/", type: "5" }, ...tree])],
    [
      "tar.gz, backwards, with ./",
      craftTarGz(tree.toReversed().map((entry) => ({ ...entry, name: `./${entry.name}` }))),
    ],
    [
      "zip from a Mac",
      craftZip([...tree, { name: "__MACOSX/sums/._problem.yaml" }, { name: "sums/.DS_Store" }]),
    ],
  ])("%s gives the same manifest and digest", async (_, archive) => {
    const taken = await take(archive);
    expect(taken.shortName).toBe("sums");
    expect(taken.manifest.files.map((file) => [file.path, file.size])).toEqual([
      ["data/secret/1.ans", 2],
      ["data/secret/1.in", 4],
      ["problem.yaml", 11],
    ]);
    expect(taken.digest).toBe(sha256(`{"files":[${treeOfSums.join(",")}]}`));
  });

  test("stores each file under the digest of its content", async () => {
    const { stored, put } = blobs();
    const { manifest, digest } = await intakePackage(chunks(craftZip(tree), 1), put);
    expect(manifest.files.map((file) => stored.get(file.sha256)?.toString())).toEqual([
      "3\n",
      "1 2\n",
      "name: Sums\n",
    ]);
    expect(createHash("sha256").update(manifestBytes(manifest)).digest("hex")).toBe(digest);
  });

  test("without a directory around it is named after the uploaded file", async () => {
    const flat = craftZip([{ name: "problem.yaml" }, { name: ".timelimit", content: "2" }]);
    expect(await take(flat, { fileName: "My-Sums.zip" })).toMatchObject({
      shortName: "My-Sums",
      manifest: { files: [{ path: ".timelimit" }, { path: "problem.yaml" }] },
    });
    expect(await take(flat, { fileName: "../x y.zip" })).toMatchObject({ shortName: null });
    expect(await take(flat)).toMatchObject({ shortName: null });
  });

  test("keeps .timelimit within its directory", async () => {
    const { manifest } = await take(craftTarGz([...tree, { name: "sums/.timelimit", content: "2\n" }]));
    expect(manifest.files.map((file) => file.path)).toContain(".timelimit");
  });

  test("may be very regular, as long as it is not large", async () => {
    const zeros = { name: "p/data/secret/1.in", content: Buffer.alloc(20 * MiB, "0 ") };
    expect((await take(craftZip([zeros]))).manifest.files[0]?.size).toBe(20 * MiB);
    expect((await take(craftTarGz([zeros]))).manifest.files[0]?.size).toBe(20 * MiB);
  });
});

const evilNames: [string, string, RegExp][] = [
  ["a parent", "p/../../etc/passwd", /leads out of the package/],
  ["a parent alone", "..", /leads out of the package/],
  ["an absolute path", "/etc/passwd", /absolute/],
  ["a backslash", String.raw`p\..\..\x`, /backslash|invalid characters/],
  ["a drive letter", "C:/x", /drive letter|absolute/],
  ["an empty component", "p//x", /empty component/],
  ["a dot within", "p/./x", /empty component/],
  ["a new line", "p/a\nb", /control character/],
  ["an escape", "p/\u001b[2J", /control character/],
  ["a very long name", `p/${"x".repeat(300)}`, /longer than 255/],
  ["a very long path", `${"x/".repeat(600)}x`, /longer than 1024/],
];

describe("refuses in a zip", () => {
  test.each([...evilNames, ["a NUL", "p/a\0b", /control character/] as const])(
    "%s",
    async (_, name, message) => {
      const [code, text] = await refusal(craftZip([...tree, { name, content: "x" }]));
      expect(text).toMatch(message);
      expect(["package_unsafe", "package_unreadable"]).toContain(code);
    },
  );

  test.each<[string, readonly CraftedZipEntry[], string, RegExp]>([
    [
      "a symbolic link",
      [{ name: "p/l", mode: 0o120777, content: "/etc/passwd" }],
      "package_unsafe",
      /"p\/l" is a symbolic link/,
    ],
    ["a device", [{ name: "p/d", mode: 0o020666 }], "package_unsafe", /neither a file nor a directory/],
    ["a pipe", [{ name: "p/d", mode: 0o010666 }], "package_unsafe", /neither a file nor a directory/],
    ["a directory that is a file", [{ name: "p/d/", mode: 0o100644 }], "package_unsafe", /a file by another/],
    [
      "a name twice",
      [...tree, { name: "sums/problem.yaml", content: "name: Other" }],
      "package_unsafe",
      /"sums\/problem.yaml" is there more than once/,
    ],
    ["a file below a file", [{ name: "p/a" }, { name: "p/a/b" }], "package_unsafe", /lies below p\/a/],
    [
      "a directory over a file",
      [{ name: "p/a/b" }, { name: "p/a" }],
      "package_unsafe",
      /both a file and a directory/,
    ],
    ["encryption", [{ name: "p/a", flags: 0x801 }], "package_unsafe", /is encrypted/],
    ["strong encryption", [{ name: "p/a", flags: 0x841 }], "package_unreadable", /strong encryption/],
    ["another compression", [{ name: "p/a", method: 12 }], "package_unreadable", /compression method 12/],
    ["two names", [{ name: "p/a", localName: "p/b" }], "package_unsafe", /two different names/],
    [
      "shared data",
      [
        { name: "p/a", content: "x" },
        { name: "p/a2", content: "x", sameDataAs: 0 },
      ],
      "package_unsafe",
      /two different names|overlaps/,
    ],
    [
      "a wrong checksum",
      [{ name: "p/a", content: "abc", crc: 1 }],
      "package_unreadable",
      /"p\/a" is damaged: its checksum/,
    ],
    [
      "a size that is too small",
      [{ name: "p/a", content: "abcdef", declaredSize: 3 }],
      "package_unreadable",
      /"p\/a" is damaged: too many bytes/,
    ],
    [
      "a size that is too large",
      [{ name: "p/a", content: "abc", declaredSize: 30 }],
      "package_unreadable",
      /"p\/a" is damaged: not enough bytes/,
    ],
    ["a name that is no UTF-8", [{ name: "p/\ufffd" }], "package_unsafe", /not UTF-8/],
    [
      "a declared size beyond all",
      [{ name: "p/a", content: "x", declaredSize: 0xfffffffe }],
      "package_too_large",
      /larger than/,
    ],
    [
      "zip64 without its numbers",
      [{ name: "p/a", declaredSize: 0xffffffff, extra: Buffer.from([1, 0, 0, 0]) }],
      "package_unreadable",
      /zip64/,
    ],
    [
      "zip64 with absurd numbers",
      [
        {
          name: "p/a",
          declaredSize: 0xffffffff,
          extra: Buffer.from([1, 0, 8, 0, 255, 255, 255, 255, 255, 255, 15, 0]),
        },
      ],
      "package_too_large",
      /larger than/,
    ],
  ])("%s", async (_, entries, code, message) => {
    const refused = await refusal(craftZip(entries));
    expect(refused[1]).toMatch(message);
    expect(refused[0]).toBe(code);
  });

  test("entries that overlap within another entry's data", async () => {
    const inner = craftZip([{ name: "p/a", content: "hidden", stored: true }]);
    const localHeader = inner.subarray(0, 30 + "p/a".length + "hidden".length);
    const outer = craftZip([
      { name: "p/b", content: localHeader, stored: true },
      { name: "p/a", content: "hidden", stored: true, sameDataAs: 0 },
    ]);
    // Let the second entry's header lie inside the first one's data.
    const signature = Buffer.from([0x50, 0x4b, 0x01, 0x02]);
    const second = outer.indexOf(signature, outer.indexOf(signature) + 4);
    outer.writeUInt32LE(30 + "p/b".length, second + 42);
    expect(await refusal(outer)).toEqual(["package_unsafe", expect.stringMatching(/overlaps/)]);
  });

  test("entries that the end record hides", async () => {
    expect(await refusal(craftZip(tree, { entryCount: 2 }))).toEqual([
      "package_unsafe",
      expect.stringMatching(/hides entries/),
    ]);
  });

  test("an end record that promises more entries", async () => {
    expect((await refusal(craftZip(tree, { entryCount: 9 })))[0]).toBe("package_unreadable");
  });

  test("every truncation", async () => {
    const archive = craftZip(tree);
    for (let length = 0; length < archive.length; length += 7) {
      expect((await refusal(archive.subarray(0, length)))[0]).toBe("package_unreadable");
    }
  });

  test("flipped bytes, or takes what is still the same", async () => {
    const archive = craftZip(tree);
    const { digest } = await take(archive);
    for (let at = 4; at < archive.length; at += 5) {
      const damaged = Buffer.from(archive);
      damaged[at] = (damaged[at] ?? 0) ^ 0xff;
      const result = await take(damaged).catch((error: unknown) => error);
      if (result instanceof AssayError) continue;
      // Time stamps and versions are no part of a package; content and names are.
      expect(result).toMatchObject({ digest });
    }
  });
});

describe("refuses in a tar.gz", () => {
  test.each(evilNames.filter(([, name]) => name.length < 100))("%s", async (_, name, message) => {
    const [code, text] = await refusal(craftTarGz([...tree, { name, content: "x" }]));
    expect(text).toMatch(message);
    expect(code).toBe("package_unsafe");
  });

  test.each<[string, readonly CraftedTarEntry[], string, RegExp]>([
    [
      "a symbolic link",
      [{ name: "p/l", type: "2", link: "/etc/passwd" }],
      "package_unsafe",
      /"p\/l" is a symbolic link/,
    ],
    [
      "a hard link",
      [...tree, { name: "p/h", type: "1", link: "sums/problem.yaml" }],
      "package_unsafe",
      /hard link/,
    ],
    ["a character device", [{ name: "p/d", type: "3" }], "package_unsafe", /is a device/],
    ["a block device", [{ name: "p/d", type: "4" }], "package_unsafe", /is a device/],
    ["a pipe", [{ name: "p/f", type: "6" }], "package_unsafe", /named pipe/],
    ["a sparse file", [{ name: "p/s", type: "S" }], "package_unsafe", /neither a file nor a directory/],
    ["a name twice", [...tree, ...tree], "package_unsafe", /more than once/],
    ["a name twice by ./", [{ name: "p/a" }, { name: "./p/a" }], "package_unsafe", /more than once/],
    ["a file below a file", [{ name: "p/a" }, { name: "p/a/b" }], "package_unsafe", /lies below/],
    ["a name that is no UTF-8", [{ name: "p/\xff" }], "package_unsafe", /not UTF-8/],
    [
      "a pax path that leads out",
      [{ name: "x", type: "x", content: "19 path=../../evil\n" }, { name: "p/a" }],
      "package_unsafe",
      /leads out/,
    ],
    [
      "a GNU long path that leads out",
      [{ name: "././@LongLink", type: "L", content: "/etc/passwd\0" }, { name: "p/a" }],
      "package_unsafe",
      /absolute/,
    ],
    [
      "a negative pax size",
      [{ name: "x", type: "x", content: "11 size=-5\n" }, { name: "p/a" }],
      "package_unreadable",
      /can't be read/,
    ],
  ])("%s", async (_, entries, code, message) => {
    const refused = await refusal(craftTarGz(entries));
    expect(refused[1]).toMatch(message);
    expect(refused[0]).toBe(code);
  });

  test("every truncation", async () => {
    const archive = craftTarGz(tree);
    for (let length = 0; length < archive.length; length += 7) {
      expect((await refusal(archive.subarray(0, length)))[0]).toBe("package_unreadable");
    }
  });

  test("flipped bytes, or takes what is still a package", async () => {
    const archive = craftTar(tree);
    for (let at = 0; at < archive.length; at += 3) {
      const damaged = Buffer.from(archive);
      damaged[at] = (damaged[at] ?? 0) ^ 0xff;
      const result = await take(gzipSync(damaged, { level: 1 })).catch((error: unknown) => error);
      if (result instanceof AssayError) continue;
      expect(result).toMatchObject({ manifest: { files: expect.any(Array) } });
    }
  });

  test("a tar that ends in the middle of a file", async () => {
    const cut = gzipSync(craftTar([{ name: "p/a", content: "x", declaredSize: 5000 }], { end: false }));
    expect((await refusal(cut))[0]).toBe("package_unreadable");
  });

  test("what is gzip but no tar", async () => {
    expect((await refusal(gzipSync(Buffer.alloc(4096, "not a tar"))))[0]).toBe("package_unreadable");
  });
});

const noise = (size: number): Buffer => {
  let block = createHash("sha512").update("seed").digest();
  const blocks: Buffer[] = [];
  for (let length = 0; length < size; length += block.length) {
    blocks.push(block);
    block = createHash("sha512").update(block).digest();
  }
  return Buffer.concat(blocks).subarray(0, size);
};

describe("limits", () => {
  const limits = {
    ...defaultArchiveLimits,
    archiveBytes: MiB,
    unpackedBytes: 2 * MiB,
    fileBytes: MiB,
    entries: 50,
    ratioFromBytes: MiB / 2,
  };
  const many = Array.from({ length: 60 }, (_, at) => ({ name: `p/${at}` }));

  for (const [kind, craft] of [
    ["zip", craftZip],
    ["tar.gz", craftTarGz],
  ] as const) {
    test(`${kind}: upload size`, async () => {
      const large = craft([{ name: "p/a", content: noise(MiB + 1) }]);
      expect(await refusal(large, { limits })).toEqual([
        "package_too_large",
        expect.stringMatching(/upload is larger/),
      ]);
    });
    test(`${kind}: entries`, async () => {
      expect(await refusal(craft(many), { limits })).toEqual([
        "package_too_large",
        expect.stringMatching(/more than 50 entries/),
      ]);
    });
    test(`${kind}: one file`, async () => {
      const large = craft([{ name: "p/a", content: Buffer.alloc(MiB + 1, noise(20_000)) }]);
      expect(await refusal(large, { limits })).toEqual([
        "package_too_large",
        expect.stringMatching(/"p\/a" is larger/),
      ]);
    });
    test(`${kind}: everything`, async () => {
      const parts = [1, 2, 3, 4].map((at) => ({
        name: `p/${at}`,
        content: Buffer.alloc(MiB * 0.75, noise(20_000)),
      }));
      expect(await refusal(craft(parts), { limits })).toEqual([
        "package_too_large",
        expect.stringMatching(/unpacks to more than/),
      ]);
    });
    test(`${kind}: bomb`, async () => {
      const bomb = craft([{ name: "p/a", content: Buffer.alloc(MiB) }]);
      expect(await refusal(bomb, { limits })).toEqual([
        "package_unsafe",
        expect.stringMatching(/200 times its own size/),
      ]);
    });
  }

  test("a bomb of nothing but tar headers", async () => {
    const headers = craftTarGz(Array.from({ length: 3000 }, () => ({ name: "p/", type: "5" })));
    expect(await refusal(headers, { limits: { ...limits, entries: 100_000, ratio: 50 } })).toEqual([
      "package_unsafe",
      expect.stringMatching(/times its own size/),
    ]);
  });
});

test.each([
  ["nothing", Buffer.alloc(0)],
  ["text", Buffer.from("hello, this is no archive")],
  ["a plain tar", craftTar(tree)],
  ["an executable", Buffer.from("\x7fELF\x02\x01\x01", "latin1")],
])("refuses %s", async (_, bytes) => {
  expect((await refusal(bytes))[0]).toBe("package_unreadable");
});

test("refuses an archive without files", async () => {
  expect((await refusal(craftZip([])))[0]).toBe("package_invalid");
  expect((await refusal(craftTarGz([{ name: "p/", type: "5" }])))[0]).toBe("package_invalid");
});

test("passes on what goes wrong while storing, and leaves no temporary file", async () => {
  const full = new Error("disk full");
  await expect(intakePackage(chunks(craftZip(tree)), () => Promise.reject(full))).rejects.toBe(full);
  await expect(intakePackage(chunks(craftTarGz(tree)), () => Promise.reject(full))).rejects.toBe(full);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`assay-upload-${process.pid}-`))).toEqual([]);
});
