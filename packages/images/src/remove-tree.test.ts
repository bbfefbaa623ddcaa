import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdirSync, mkdtempDisposableSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { removeTree } from "./remove-tree.ts";

const files = 2_000;

/** As soon as one of some files is gone, their directory becomes a link to another, with files of the same names. */
const attack = `
  my ($directory, $target) = @ARGV;
  my @some = map { "$directory/" . 100 * $_ } 0 .. 19;
  $| = 1; print "ready\\n";
  for (;;) { for (@some) { goto gone unless -e } }
  gone:
  rename $directory, "$directory.moved";
  symlink $target, $directory;
`;

it.skipIf(process.getuid?.() !== 0)(
  "follows no directory that its owner makes a link meanwhile (needs root)",
  async () => {
    using scratch = mkdtempDisposableSync(join(tmpdir(), "assay-remove-"));
    chmodSync(scratch.path, 0o755);
    const [host, theirs] = [join(scratch.path, "host"), join(scratch.path, "tree/theirs")];
    for (const directory of [host, join(theirs, "a")]) {
      mkdirSync(directory, { recursive: true });
      for (let index = 0; index < files; index += 1) writeFileSync(join(directory, `${index}`), "");
    }
    chownSync(theirs, 64_325, 64_325);
    chownSync(join(theirs, "a"), 64_325, 64_325);
    const user = ["--reuid=64325", "--regid=64325", "--clear-groups", "--pdeathsig=KILL"];
    const other = spawn("setpriv", [...user, "/usr/bin/perl", "-e", attack, join(theirs, "a"), host]);
    const ended = once(other, "close");
    await once(other.stdout, "data");
    // It may find that the directory is none any more.
    await removeTree(join(scratch.path, "tree")).catch(() => undefined);
    await ended;
    expect(readdirSync(host)).toHaveLength(files);
    await removeTree(join(scratch.path, "tree"));
    expect(readdirSync(scratch.path)).toEqual(["host"]);
  },
);
