import { expect, it } from "vitest";
import { parseUris } from "./apt.ts";

const sha256 = "1896a2aacf4ad681ff5eacc24a5b0ca4d5d9c9b9c9e4b6de5197bc1e116ea619";
const line = (change: { uri?: string; file?: string; hash?: string } = {}): string => {
  const uri = change.uri ?? "http://deb.debian.org/debian/pool/main/z/zlib/zlib1g_1.2.13.dfsg-1_amd64.deb";
  const file = change.file ?? "zlib1g_1%3a1.2.13.dfsg-1_amd64.deb";
  return `'${uri}' ${file} 86684 ${change.hash ?? `SHA256:${sha256}`}`;
};

it("reads what apt prints: epochs, plus signs, any mirror's directory; in the order of names", () => {
  const bash =
    "'file:/mirror/pool/main/b/bash/bash_5.2.15-2%2bb13_amd64.deb' bash_5.2.15-2+b13_amd64.deb 7 " +
    `SHA256:${sha256}`;
  expect(parseUris(`${line()}\n${bash}\n`)).toEqual([
    {
      name: "bash",
      version: "5.2.15-2+b13",
      architecture: "amd64",
      size: 7,
      sha256,
      path: "pool/main/b/bash/bash_5.2.15-2%2bb13_amd64.deb",
    },
    {
      name: "zlib1g",
      version: "1:1.2.13.dfsg-1",
      architecture: "amd64",
      size: 86684,
      sha256,
      path: "pool/main/z/zlib/zlib1g_1.2.13.dfsg-1_amd64.deb",
    },
  ]);
});

it.each([
  ["no hash", line({ hash: "" })],
  ["a weak hash", line({ hash: "MD5Sum:00000000000000000000000000000000" })],
  ["a path that leads elsewhere", line({ uri: "http://m/debian/pool/../../etc/passwd.deb" })],
  ["no pool", line({ uri: "http://m/flat/zlib1g.deb" })],
  ["a name that is none", line({ file: "..%2f_1_amd64.deb" })],
  ["words", "WARNING: the following packages cannot be authenticated"],
])("refuses %s", (_, text) => {
  expect(() => parseUris(text)).toThrow(/can't be understood/);
});
