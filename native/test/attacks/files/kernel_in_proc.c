/*
 * Promise: a box sees nothing of the machine in /proc, /sys and /dev.
 * Attack: switches, memory and counts of the machine, all of which have a name in /proc, /sys or /dev.
 * It would show as a place that is there.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int run(void) {
  static const char *const places[] = {"/proc/sys/kernel/core_pattern",
                                       "/proc/sys/kernel/hostname",
                                       "/proc/sysrq-trigger",
                                       "/proc/kcore",
                                       "/proc/kmsg",
                                       "/proc/kallsyms",
                                       "/proc/keys",
                                       "/proc/key-users",
                                       "/proc/modules",
                                       "/proc/filesystems",
                                       "/proc/cmdline",
                                       "/proc/config.gz",
                                       "/proc/cpuinfo",
                                       "/proc/meminfo",
                                       "/proc/loadavg",
                                       "/proc/uptime",
                                       "/proc/stat",
                                       "/proc/interrupts",
                                       "/proc/softirqs",
                                       "/proc/timer_list",
                                       "/proc/vmallocinfo",
                                       "/proc/slabinfo",
                                       "/proc/diskstats",
                                       "/proc/partitions",
                                       "/proc/locks",
                                       "/proc/swaps",
                                       "/proc/version",
                                       "/proc/cgroups",
                                       "/proc/buddyinfo",
                                       "/proc/pagetypeinfo",
                                       "/proc/zoneinfo",
                                       "/proc/bus",
                                       "/proc/driver",
                                       "/proc/fs",
                                       "/proc/irq",
                                       "/proc/sysvipc",
                                       "/proc/pressure",
                                       "/proc/acpi",
                                       "/proc/scsi",
                                       "/sys",
                                       "/sys/kernel",
                                       "/sys/fs/cgroup",
                                       "/sys/class/net",
                                       "/sys/firmware",
                                       "/dev/mem",
                                       "/dev/kmem",
                                       "/dev/port",
                                       "/dev/kmsg",
                                       "/dev/kvm",
                                       "/dev/fuse",
                                       "/dev/net/tun",
                                       "/dev/vsock",
                                       "/dev/ptmx",
                                       "/dev/console",
                                       "/dev/mqueue",
                                       "/dev/vda",
                                       "/dev/sda",
                                       "/dev/loop-control",
                                       "/dev/mapper/control",
                                       "/dev/userfaultfd",
                                       "/dev/vhost-net"};
  unsigned found = 0;
  const char *first = "";
  for (unsigned i = 0; i < COUNT_OF(places); i++) {
    struct stat status;
    if (lstat(places[i], &status)) continue;
    if (!found++) first = places[i];
  }
  return found ? broken("%u places are there, the first is %s", found, first)
               : held("%zu places are not there", COUNT_OF(places));
}

ATTACK(kernel_in_proc, "files", "a box sees nothing of the machine in /proc, /sys and /dev", .run = run);
