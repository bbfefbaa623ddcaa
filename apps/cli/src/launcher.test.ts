import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkout } from "./stack/paths.ts";

// A checkout as root leaves it when everything is prepared, with a program that only says how it was
// called: what is tested is the launcher.
let directory: string;
let root: string;

const file = (path: string, content: string): void => {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), content);
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "assay-launcher-"));
  chmodSync(directory, 0o755);
  root = join(directory, "a check out");
  mkdirSync(join(root, "node_modules"), { recursive: true });
  cpSync(join(checkout, "assay"), join(root, "assay"));
  file("package-lock.json", "{}");
  file("native/src/main.c", "");
  file(".cache/installed-lock.json", "{}");
  file(".cache/lock", "");
  file("native/build/sandboxd", "");
  chmodSync(join(root, "native/build/sandboxd"), 0o755);
  file("apps/cli/src/main.ts", "console.log(JSON.stringify(process.argv.slice(2)));\n");
  symlinkSync(process.execPath, join(root, ".cache/node-bin"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const asOrdinaryUser = (program: string, ...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: "/",
    encoding: "utf8",
    uid: 65_534,
    gid: 65_534,
  });
  return { status, stdout, stderr };
};

describe.skipIf(process.getuid?.() !== 0)(
  "the launcher, in a checkout that root has prepared (needs root)",
  () => {
    test("serves an ordinary user, and passes the arguments on as they are", () => {
      expect(asOrdinaryUser(join(root, "assay"), "jobs", "a b", "", "*")).toEqual({
        status: 0,
        stdout: '["jobs","a b","","*"]\n',
        stderr: "",
      });
    });

    test("is found through links, relative ones too", () => {
      symlinkSync("a check out/assay", join(directory, "one"));
      symlinkSync("one", join(directory, "two"));
      expect(asOrdinaryUser(join(directory, "two"), "jobs").stdout).toBe('["jobs"]\n');
    });

    test.each([
      ["judge p", "/run/assay/app/apps/cli/src/main.ts"],
      ["problem verify p", "/run/assay/app/apps/cli/src/main.ts"],
      ["problem new p", null],
      ["jobs list", null],
    ])("shows root's %s to the services in a private checkout when it starts any", (command, publicly) => {
      chmodSync(directory, 0o700);
      file("apps/cli/src/main.ts", "console.log(process.argv[1]);\n");
      const { stdout, stderr } = spawnSync(join(root, "assay"), command.split(" "), { encoding: "utf8" });
      expect({ stdout, stderr }).toEqual({
        stdout: `${publicly ?? join(root, "apps/cli/src/main.ts")}\n`,
        stderr: "",
      });
    });

    test.each([
      ["the lockfile has changed", () => file("package-lock.json", '{"changed":true}')],
      ["Node is missing", () => rmSync(join(root, ".cache/node-bin"))],
      [
        "a source of native/ is newer than what was built",
        () => {
          const later = new Date(Date.now() + 60_000);
          utimesSync(join(root, "native/src/main.c"), later, later);
        },
      ],
    ])("tells an ordinary user what to do when %s", (_what, change) => {
      change();
      const { status, stdout, stderr } = asOrdinaryUser(join(root, "assay"), "jobs");
      expect(stderr).toMatch(/^assay: this checkout must be prepared .*; run once: sudo .*\n$/);
      expect(stdout).toBe("");
      expect(status).toBe(3);
    });
  },
);
