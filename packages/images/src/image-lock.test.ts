import { describe, expect, it } from "vitest";
import { lockText, parseLock } from "./image-lock.ts";
import type { ImageLock } from "./image-lock.ts";

const lock: ImageLock = {
  format: 1,
  name: "tiny",
  recipe: "0".repeat(64),
  suite: "bookworm",
  architecture: "amd64",
  packages: [
    {
      name: "libstdc++6",
      version: "12.2.0-14+deb12u1",
      architecture: "amd64",
      size: 1,
      sha256: "1".repeat(64),
      path: "pool/main/g/gcc-12/libstdc%2b%2b6_12.2.0-14%2bdeb12u1_amd64.deb",
    },
  ],
  npm: [
    {
      name: "@scope/tool",
      version: "1.2.3",
      tarball: "https://registry.npmjs.org/@scope/tool/-/tool-1.2.3.tgz",
      integrity: `sha512-${"A".repeat(86)}==`,
    },
  ],
};

it("has one text, whatever order its fields were in", () => {
  const text = lockText(lock);
  const shuffled = JSON.stringify(Object.fromEntries(Object.entries(lock).toReversed()));
  expect(lockText(parseLock(shuffled, "x"))).toBe(text);
  expect(parseLock(text, "x")).toEqual(lock);
});

describe("a lock that is none is refused with the file and the place:", () => {
  const [entry] = lock.packages;
  const [npm] = lock.npm;
  it.each<[string, unknown, RegExp]>([
    ["another format", { ...lock, format: 2 }, /format/],
    ["no packages", { ...lock, packages: undefined }, /packages/],
    [
      "a path out of the mirror",
      { ...lock, packages: [{ ...entry, path: "pool/../x.deb" }] },
      /packages\[0\]\.path/,
    ],
    ["an absolute path", { ...lock, packages: [{ ...entry, path: "/etc/passwd" }] }, /packages\[0\]\.path/],
    ["a short hash", { ...lock, packages: [{ ...entry, sha256: "12" }] }, /sha256/],
    [
      "an archive of another machine",
      { ...lock, npm: [{ ...npm, tarball: "file:///etc/passwd" }] },
      /tarball/,
    ],
    ["a weak integrity", { ...lock, npm: [{ ...npm, integrity: "sha1-AAAA" }] }, /integrity/],
  ])("%s", (_, value, place) => {
    const parse = (): ImageLock => parseLock(JSON.stringify(value), "given.json");
    expect(parse).toThrow(/^given\.json is not an image lock/);
    expect(parse).toThrow(place);
  });

  it("what is not JSON", () => {
    expect(() => parseLock("{", "given.json")).toThrow(/^given\.json is not JSON/);
  });
});
