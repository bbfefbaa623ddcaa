import { expect, it } from "vitest";
import { progressParser } from "./progress.ts";

it("counts the bytes that apt downloads, and only in the download phase", () => {
  const parse = progressParser();
  const lines = [
    "I: running apt-get update...",
    "Get:1 http://deb.debian.org/debian bookworm InRelease [151 kB]",
    "Need to get 99 MB of archives.",
    "I: downloading packages with apt...",
    "Need to get 1,500 kB/80.7 MB of archives.",
    "Get:1 http://deb.debian.org/debian bookworm/main amd64 gcc-12-base amd64 12.2.0-14+deb12u1 [37.7 kB]",
    "Get:2 http://deb.debian.org/debian bookworm/main amd64 g++ amd64 4:12.2.0-3 [1,356 B]",
    "Get:3 http://deb.debian.org/debian bookworm/main amd64 cpp-12 amd64 12.2.0-14+deb12u1 [900 MB]",
    "something else",
    "I: extracting archives...",
  ];
  const events = lines.map(parse).filter((event) => event !== null);
  expect(events.map(({ phase, done, total }) => [phase, done, total])).toEqual([
    ["index", 0, null],
    ["download", 0, null],
    ["download", 0, 80_700_000],
    ["download", 37_700, 80_700_000],
    ["download", 39_056, 80_700_000],
    ["download", 80_700_000, 80_700_000],
    ["extract", 0, null],
  ]);
  expect(events.at(3)?.message).toBe("downloading gcc-12-base");
});
