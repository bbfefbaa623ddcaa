/*
 * Promise: the box's first process, which is not the program's own, shows nothing of itself.
 * Attack: opens what /proc has of process 1.
 * It would show as a file that opens, or as a link that can be read.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static int run(void) {
  static const char *const names[] = {"",       "/environ", "/cmdline", "/status", "/maps", "/mem",  "/stat", "/fd",
                                      "/fdinfo", "/ns",     "/task",    "/cgroup", "/mountinfo", "/comm", "/limits", "/oom_score_adj"};
  static const char *const links[] = {"/exe", "/cwd", "/root", "/ns/mnt", "/ns/pid", "/ns/net"};
  char path[64], target[256];
  for (unsigned i = 0; i < COUNT_OF(names); i++) {
    snprintf(path, sizeof path, "/proc/1%s", names[i]);
    if (open(path, O_RDONLY) >= 0) return broken("%s", path);
  }
  for (unsigned i = 0; i < COUNT_OF(links); i++) {
    snprintf(path, sizeof path, "/proc/1%s", links[i]);
    if (readlink(path, target, sizeof target) >= 0) return broken("%s", path);
  }
  return held("nothing of it");
}

ATTACK(first_process, "sharing", "the first process of a box can't be looked at", .run = run);
