/*
 * Promise: a box stays in its cgroups.
 * Attack: looks for a cgroup that it could write its pid into, in all usual places and by all links of its own.
 * It would show as an open file of a cgroup. The control is root and only opens it.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static int run(void) {
  static const char *const places[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/pids",
                                       "/cgroup", "/dev/cgroup", "/proc/self/root/sys/fs/cgroup", "/proc/self/cwd/../sys/fs/cgroup"};
  static const char *const files[] = {"cgroup.procs", "cgroup.threads", "tasks"};
  for (unsigned i = 0; i < COUNT_OF(places); i++)
    for (unsigned k = 0; k < COUNT_OF(files); k++) {
      char path[128];
      snprintf(path, sizeof path, "%s/%s", places[i], files[k]);
      AUTO_CLOSE int fd = open(path, O_WRONLY);
      if (fd >= 0) return broken("%s", path);
    }
  return held("no cgroup is there");
}

ATTACK(leave_cgroup, "processes", "no cgroup can be entered", .run = run, .outside = {.root = true});
