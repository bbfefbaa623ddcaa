/*
 * Promise: a box sees its cgroup as the top, and none of their files.
 * Attack: reads its place, and opens the accounts of all groups where they usually are.
 * It would show as a path below the top, or as a file that opens.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

static int run(void) {
  static const char *const files[] = {"/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/memory/memory.usage_in_bytes",
                                      "/sys/fs/cgroup/memory.stat", "/sys/fs/cgroup/cpuacct/cpuacct.usage",
                                      "/sys/fs/cgroup/memory/tasks"};
  char line[512];
  FILE *own = fopen("/proc/self/cgroup", "r");
  if (!own) return could_not("/proc/self/cgroup: %m");
  while (fgets(line, sizeof line, own))
    if (!strstr(line, ":/\n")) return broken("%.*s", (int)strcspn(line, "\n"), line);
  for (unsigned i = 0; i < COUNT_OF(files); i++)
    if (open(files[i], O_RDONLY) >= 0) return broken("%s", files[i]);
  return held("the top");
}

ATTACK(cgroup_of_box, "sharing", "accounts of other cgroups can't be read", .run = run);
