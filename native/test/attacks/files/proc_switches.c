/* The files of a process in /proc are switches too: who is killed first, which user a user namespace maps
   to, what is dumped, what it is called in the host's accounts. */
#define _GNU_SOURCE
#include "../attack.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static int run(void) {
  static const char *const switches[] = {"oom_score_adj", "oom_adj", "coredump_filter", "comm", "timerslack_ns", "clear_refs",
                                         "autogroup", "loginuid", "uid_map", "gid_map", "setgroups", "attr/current",
                                         "attr/exec", "sched", "make-it-fail", "mem"};
  unsigned written = 0;
  const char *first = "";
  for (unsigned i = 0; i < COUNT_OF(switches); i++) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/%s", switches[i]);
    int fd = open(path, O_WRONLY);
    if (fd < 0) continue;
    if (!written++) first = switches[i];
    close(fd);
  }
  return written ? broken("%u can be written, the first is %s", written, first) : held("none can be written");
}

ATTACK(proc_switches, "files", "a box can't turn the switches of /proc", .run = run);
