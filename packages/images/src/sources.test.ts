import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  formatSources,
  machineSources,
  mirrorSources,
  parseDeb822,
  parseOneLine,
  publicSources,
} from "./sources.ts";

const sample = `# comment
Types: deb deb-src
# a comment within
URIs: http://deb.debian.org/debian
Suites: bookworm
 bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb-src
URIs: http://sources.example/debian
Suites: bookworm
Components: main

Types: deb
Enabled: no
URIs: http://off.example/debian
Suites: bookworm
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
`;

describe("parseDeb822", () => {
  it("reads binary sources that are switched on", () => {
    expect(parseDeb822(sample)).toEqual([
      {
        uris: ["http://deb.debian.org/debian"],
        suites: ["bookworm", "bookworm-updates"],
        components: ["main", "contrib"],
        signedBy: "/usr/share/keyrings/debian-archive-keyring.gpg",
      },
    ]);
  });

  it.each(["", "\n\n", "garbage", "Types: deb", " continued\nTypes: deb"])("finds nothing in %j", (text) => {
    expect(parseDeb822(text)).toEqual([]);
  });

  it("reads what it writes", () => {
    expect(parseDeb822(formatSources(publicSources("bookworm")))).toEqual(publicSources("bookworm"));
  });
});

it("reads one-line sources", () => {
  const text = `
# deb http://commented.example/debian bookworm main
deb [arch=amd64 signed-by=/k.gpg] http://a.example/debian bookworm main contrib # remark
deb-src http://b.example/debian bookworm main
deb http://c.example/flat ./
deb	https://d.example/debian	bookworm	main
`;
  expect(parseOneLine(text)).toEqual([
    {
      uris: ["http://a.example/debian"],
      suites: ["bookworm"],
      components: ["main", "contrib"],
      signedBy: "/k.gpg",
    },
    { uris: ["https://d.example/debian"], suites: ["bookworm"], components: ["main"], signedBy: null },
  ]);
});

const withFiles = async (files: Record<string, string>): ReturnType<typeof machineSources> => {
  const etc = mkdtempSync(join(tmpdir(), "assay-apt-"));
  try {
    mkdirSync(join(etc, "sources.list.d"));
    for (const [path, text] of Object.entries(files)) writeFileSync(join(etc, path), text);
    return await machineSources("bookworm", etc);
  } finally {
    rmSync(etc, { recursive: true, force: true });
  }
};

describe("machineSources", () => {
  it("takes the machine's mirror with its updates, and nobody else's packages", async () => {
    const found = await withFiles({
      "sources.list": "deb http://mirror.example/debian bookworm main contrib\n",
      "sources.list.d/security.list": "deb http://mirror.example/security bookworm-security main\n",
      "sources.list.d/vendor.list": "deb http://vendor.example/debian bookworm stable\n",
      "sources.list.d/other.list": "deb http://other.example/debian trixie main\n",
      "sources.list.d/ignored.txt": "deb http://ignored.example/debian bookworm main\n",
    });
    expect(found.map(({ uris, suites, components }) => [uris[0], ...suites, ...components])).toEqual([
      ["http://mirror.example/debian", "bookworm", "main"],
      ["http://mirror.example/security", "bookworm-security", "main"],
    ]);
  });

  it("falls back to Debian's servers", async () => {
    expect(await withFiles({})).toEqual(publicSources("bookworm"));
    expect(await withFiles({ "sources.list": "deb http://m.example/debian trixie main\n" })).toEqual(
      publicSources("bookworm"),
    );
  });
});

it.each(["", "deb.debian.org", "ftp://x.example/", "http://a b/", "javascript:1", "http://x/\nTypes: deb"])(
  "refuses %j as a mirror",
  (mirror) => {
    expect(() => mirrorSources(mirror, "bookworm")).toThrow(/is not the address of a Debian mirror/);
  },
);
