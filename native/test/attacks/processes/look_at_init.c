/*
 * Promise: init of the box, which was root, shows nothing of itself.
 * Attack: opens everything that /proc has of pid 1 and of its own parent, also by a pidfd's information.
 * It would show as a descriptor, a link that can be read, or a directory that can be listed.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static int run(void) {
  static const char *const names[] = {"",    "/mem", "/maps", "/environ", "/root", "/cwd", "/exe", "/fd", "/ns/mnt",
                                      "/stat", "/status", "/cmdline", "/mountinfo", "/cgroup", "/io", "/stack", "/task"};
  pid_t pids[] = {1, getppid()};
  for (unsigned i = 0; i < COUNT_OF(pids); i++)
    for (unsigned k = 0; k < COUNT_OF(names); k++) {
      char path[64], target[256];
      snprintf(path, sizeof path, "/proc/%d%s", pids[i], names[k]);
      AUTO_CLOSE int fd = open(path, O_RDONLY);
      if (fd >= 0 || readlink(path, target, sizeof target) >= 0 || !access(path, F_OK)) return broken("%s", path);
    }
  return held("init is invisible");
}

ATTACK(look_at_init, "processes", "init of the box is invisible", .run = run);
