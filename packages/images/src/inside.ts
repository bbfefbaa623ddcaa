import { ImageError } from "./errors.ts";
import { runTool, toolEnvironment } from "./process.ts";
import type { BuildProgress } from "./progress.ts";
import type { Recipe } from "./recipe.ts";
import { emptyMountPoints, imageTimeSeconds, normalize, removeInside } from "./trim.ts";

/** The same bytes come out each time: no time stamps, no random order of sets. */
const env = {
  PATH: "/usr/sbin:/usr/bin",
  HOME: "/tmp",
  LC_ALL: "C.UTF-8",
  TZ: "UTC",
  PYTHONHASHSEED: "0",
  SOURCE_DATE_EPOCH: String(imageTimeSeconds),
};

/**
 * Makes what a command inside may count on, of the host's own tools: the root (read-only for a probe),
 * the harmless devices, /proc of its own processes, an empty /tmp, one host name. Addresses are not
 * randomized, since some caches hold what lay at them.
 *
 * What runs there came from a mirror or a registry, and is root. So that it can't get out, it keeps of
 * root's capabilities only those over its own files and processes (1 dac_override, 3 fowner, 4 fsetid,
 * 5 kill); what of /proc is the kernel's is read-only, and so are the devices, which are the host's own:
 * they can be written to, but not given another mode or owner. Perl, which Debian is never without, drops
 * the others between chroot(2) and the command, and closes (436 is close_range(2) everywhere) descriptors
 * that we inherited ourselves: one may be a directory outside.
 */
const entrance = `
set -eu
umask 022
PATH=/usr/sbin:/usr/bin:/sbin:/bin
root=$1 mode=$2 prctl=$3
shift 3
(echo box >/proc/sys/kernel/hostname) 2>/dev/null || hostname box
mount --bind "$root" "$root"
[ "$mode" = rw ] || mount -o remount,bind,ro "$root"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t proc proc "$root/proc"
for name in acpi bus fs irq scsi sys sysrq-trigger; do
  [ -e "$root/proc/$name" ] || continue
  mount --bind "$root/proc/$name" "$root/proc/$name"
  mount -o remount,bind,ro "$root/proc/$name"
done
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for name in null zero full random urandom; do
  : >"$root/dev/$name"
  mount --bind "/dev/$name" "$root/dev/$name"
  mount -o remount,bind,ro "$root/dev/$name"
done
mkdir -m 1777 "$root/dev/shm"
ln -s /proc/self/fd "$root/dev/fd"
ln -s fd/0 "$root/dev/stdin"
ln -s fd/1 "$root/dev/stdout"
ln -s fd/2 "$root/dev/stderr"
PATH=/usr/sbin:/usr/bin
exec setarch --addr-no-randomize perl -e '
  my ($prctl, $root, @argv) = @ARGV;
  chroot $root and chdir "/" or die "chroot: $!\\n";
  my %kept = map { $_ => 1 } 1, 3, 4, 5;
  for (my $cap = 0; syscall($prctl + 0, 23, $cap, 0, 0, 0) >= 0; $cap += 1) {
    $kept{$cap} or syscall($prctl + 0, 24, $cap, 0, 0, 0) == 0 or die "capability $cap: $!\\n";
  }
  syscall($prctl + 0, 38, 1, 0, 0, 0) == 0 or die "no_new_privs: $!\\n";
  syscall(436, 3, 0x7fffffff, 0) == 0 or die "descriptors: $!\\n";
  exec { $argv[0] } @argv or die "$argv[0]: $!\\n";
' "$prctl" "$root" "$@" <"$root/dev/null"
`;

/** The number of prctl(2), by Node's names of architectures. */
const prctl: Readonly<Record<string, number>> = {
  x64: 157,
  arm64: 167,
  riscv64: 167,
  loong64: 167,
  ppc64: 171,
  arm: 172,
  ia32: 172,
  s390x: 172,
};

/** Runs a command inside the image: its own root, no network, no process outlives it. */
const runInside = async (
  root: string,
  mode: "rw" | "ro",
  argv: readonly string[],
  signal: AbortSignal | undefined,
): ReturnType<typeof runTool> => {
  const privileges = process.geteuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  const isolation = [...privileges, "--net", "--ipc", "--uts", "--mount", "--pid", "--fork", "--kill-child"];
  const number = prctl[process.arch];
  if (number === undefined) throw new ImageError("build_failed", `No image can be built on ${process.arch}.`);
  // Its first process stays root's with all rights: it dies with us whatever the program does.
  const inner = ["unshare", "--fork", "--", "sh", "-c", entrance, "sh", root, mode, String(number), ...argv];
  return runTool(["setpriv", "--pdeathsig", "KILL", "--", "unshare", ...isolation, "--", ...inner], {
    env: { ...env, PATH: toolEnvironment()["PATH"] ?? env.PATH },
    signal,
  });
};

/** What finishing leaves that says when and where it ran. */
const traces = ["var/cache/ldconfig", "etc/.pwd.lock"];

/**
 * Runs the recipe's finishing commands, then its probes on the normalized tree, which they can't write.
 *
 * @throws ImageError `build_failed` with what the command said
 */
export const finishAndProbe = async (
  root: string,
  recipe: Recipe,
  options: { readonly progress: (event: BuildProgress) => void; readonly signal: AbortSignal | undefined },
): Promise<void> => {
  const total = recipe.finish.length + recipe.probes.length;
  let done = 0;
  const run = async (mode: "rw" | "ro", argv: readonly string[], stdout: string | null): Promise<void> => {
    const words = argv.join(" ");
    options.progress({ phase: "finish", done, total, message: argv[0] ?? "" });
    const result = await runInside(root, mode, argv, options.signal);
    const problem =
      result.code !== 0
        ? `exited with ${result.code ?? "a signal"}: ${(result.stderr + result.stdout).trim().slice(-1000)}`
        : stdout !== null && result.stdout !== stdout
          ? `printed ${JSON.stringify(result.stdout.slice(0, 200))} instead of ${JSON.stringify(stdout)}`
          : null;
    if (problem !== null)
      throw new ImageError(
        "build_failed",
        `In the image "${recipe.name}", \`${words.slice(0, 200)}\` ${problem}`,
      );
    done += 1;
  };
  for (const argv of recipe.finish) {
    await run("rw", argv, null);
    // What one made has its final time for the next: archives of classes remember that of their jars.
    await normalize(root);
  }
  for (const path of traces) await removeInside(root, path, "What a finishing command left");
  await emptyMountPoints(root);
  await normalize(root);
  for (const { argv, stdout } of recipe.probes) await run("ro", argv, stdout);
};
