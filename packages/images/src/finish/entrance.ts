import { readFile } from "node:fs/promises";
import { ImageError } from "../errors.ts";
import type { FinishLimits } from "./limits.ts";

/**
 * Makes what a command inside may count on, of the host's own tools: the root (read-only for a probe),
 * the harmless devices, /proc of its own processes, an empty /tmp, one host name. Addresses are not
 * randomized, since some caches hold what lay at them.
 *
 * What runs there came from a mirror or a registry, and is root. So that it can't get out, it keeps of
 * root's capabilities only those over its own files and processes (1 dac_override, 3 fowner, 4 fsetid,
 * 5 kill), and what of /proc is the kernel's is read-only. Perl, which Debian is never without, drops the
 * others between chroot(2) and the command.
 */
const entrance = `
set -eu
umask 022
PATH=/usr/sbin:/usr/bin:/sbin:/bin
root=$1 mode=$2 prctl=$3 room=$4
shift 4
(echo box >/proc/sys/kernel/hostname) 2>/dev/null || hostname box
mount --bind "$root" "$root"
[ "$mode" = rw ] || mount -o remount,bind,ro "$root"
mount -t tmpfs -o "mode=1777,$room" tmpfs "$root/tmp"
mount -t proc proc "$root/proc"
for name in acpi bus fs irq scsi sys sysrq-trigger; do
  [ -e "$root/proc/$name" ] || continue
  mount --bind "$root/proc/$name" "$root/proc/$name"
  mount -o remount,bind,ro "$root/proc/$name"
done
mount -t tmpfs -o "mode=755,$room" tmpfs "$root/dev"
for name in null zero full random urandom; do
  : >"$root/dev/$name"
  mount --bind "/dev/$name" "$root/dev/$name"
done
mkdir -m 1777 "$root/dev/shm"
ln -s /proc/self/fd "$root/dev/fd"
ln -s fd/0 "$root/dev/stdin"
ln -s fd/1 "$root/dev/stdout"
ln -s fd/2 "$root/dev/stderr"
PATH=/usr/sbin:/usr/bin
exec setarch --addr-no-randomize perl -e '
  my ($prctl, $root, @argv) = @ARGV;
  open my $builder, "<&=", 3 or die "descriptor 3: $!\\n";
  vec(my $gone = "", 3, 1) = 1;
  select($gone, undef, undef, 0) == 0 or die "the builder is gone\\n";
  chroot $root and chdir "/" or die "chroot: $!\\n";
  my %kept = map { $_ => 1 } 1, 3, 4, 5;
  for (my $cap = 0; syscall($prctl + 0, 23, $cap, 0, 0, 0) >= 0; $cap += 1) {
    $kept{$cap} or syscall($prctl + 0, 24, $cap, 0, 0, 0) == 0 or die "capability $cap: $!\\n";
  }
  syscall($prctl + 0, 38, 1, 0, 0, 0) == 0 or die "no_new_privs: $!\\n";
  exec { $argv[0] } @argv or die "$argv[0]: $!\\n";
' "$prctl" "$root" "$@"
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

/**
 * Before that: dies with the builder, and is bounded. A builder that died before the kernel was told so is
 * no longer our parent; and the first process inside finds descriptor 3 closed at its other end.
 */
const outside = `
set -eu
[ "$PPID" = "$1" ] || exit 1
shift
while [ "$1" != -- ]; do
  echo 0 >"$1"
  shift
done
shift
exec "$@"
`;

/** The descriptor that ends with us, whatever ends us, is the last. */
export const stdio = ["ignore", "pipe", "pipe", "pipe"] as const;

/**
 * The command line that runs `argv` inside of `root`: no network, and no process outlives it or us.
 *
 * @param entrances files of cgroups into which it goes
 */
export const commandInside = async (
  root: string,
  mode: "rw" | "ro",
  argv: readonly string[],
  limits: FinishLimits,
  entrances: readonly string[],
): Promise<[string, ...string[]]> => {
  const privileges = process.geteuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  const isolation = [...privileges, "--net", "--ipc", "--uts", "--mount", "--pid", "--fork", "--kill-child"];
  const number = prctl[process.arch];
  if (number === undefined) throw new ImageError("build_failed", `No image can be built on ${process.arch}.`);
  const room = `size=${limits.memoryBytes},nr_inodes=${limits.entries}`;
  const inner = ["sh", "-c", entrance, "sh", root, mode, String(number), room, ...argv];
  const bounded = ["prlimit", ...(await resourceLimits(limits)), "unshare", ...isolation, "--", ...inner];
  const outer = ["sh", "-c", outside, "sh", String(process.pid), ...entrances, "--", ...bounded];
  return ["setpriv", "--pdeathsig", "KILL", "--", ...outer];
};

/**
 * The kernel counts processes by this for all but root. None over memory: GCC looks at it, and makes
 * other precompiled headers by it.
 */
const resourceLimits = async ({ fileBytes, processes }: FinishLimits): Promise<string[]> => {
  const own = await readFile("/proc/self/limits", "utf8");
  // Who is not root can't raise what they have.
  const atMost = (name: string, limit: number): number => {
    const [, hard = ""] = new RegExp(`^${name} +\\S+ +(\\d+)`, "m").exec(own) ?? [];
    return hard === "" ? limit : Math.min(limit, Number(hard));
  };
  return [
    "--core=0",
    `--fsize=${atMost("Max file size", fileBytes)}`,
    `--nproc=${atMost("Max processes", processes)}`,
  ];
};
