/*
 * Promise: /proc has the box's own processes and nothing of the machine: no loads, no memory, no uptime,
 * no boot id, no command line of the kernel, no settings.
 * Attack: opens those files by name, and lists everything else that is there.
 * It would show as a file that opens, or as an entry that is no process.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool belongs(const char *name) {
  return name[0] == '.' || strspn(name, "0123456789") == strlen(name) || !strcmp(name, "self") || !strcmp(name, "thread-self");
}

static int run(void) {
  static const char *const names[] = {"loadavg",  "uptime",  "meminfo", "stat",       "cpuinfo",   "version",      "cmdline",
                                      "vmstat",   "zoneinfo", "slabinfo", "locks",    "interrupts", "softirqs",    "schedstat",
                                      "diskstats", "mounts",  "cgroups", "devices",   "filesystems", "modules",    "kallsyms",
                                      "keys",     "key-users", "timer_list", "pressure/cpu", "sysvipc/shm", "net/unix",
                                      "sys/kernel/random/boot_id", "sys/kernel/hostname", "sys/kernel/pid_max", "bus/pci/devices"};
  char path[64];
  for (unsigned i = 0; i < COUNT_OF(names); i++) {
    snprintf(path, sizeof path, "/proc/%s", names[i]);
    int fd = open(path, O_RDONLY);
    /* Links into the process's own directory lead nowhere else. */
    if (fd >= 0 && strcmp(names[i], "mounts") && strcmp(names[i], "net/unix")) return broken("%s", path);
    close(fd);
  }
  DIR *all = opendir("/proc");
  if (!all) return could_not("no /proc: %m");
  for (struct dirent *entry; (entry = readdir(all));)
    if (!belongs(entry->d_name) && strcmp(entry->d_name, "mounts") && strcmp(entry->d_name, "net"))
      return broken("/proc/%s", entry->d_name);
  return held("processes only");
}

ATTACK(proc_of_machine, "sharing", "/proc tells nothing of the machine", .run = run);
