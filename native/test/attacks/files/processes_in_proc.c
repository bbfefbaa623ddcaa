/*
 * Promise: a box sees its own processes in /proc and no other.
 * Attack: every process in /proc is a way to its files, memory, environment and descriptors. Only the
 * attack's own may be there, also for whoever knows a number that is not listed.
 * It would show as a process that is listed, or a file of one that opens.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static unsigned count_listed(void) {
  DIR *all = opendir("/proc");
  unsigned count = 0;
  for (struct dirent *entry; all && (entry = readdir(all));) {
    pid_t pid = atoi(entry->d_name);
    count += pid > 0 && pid != getpid();
  }
  if (all) closedir(all);
  return count;
}

static int run(void) {
  static const char *const names[] = {"status", "cmdline", "environ", "exe", "root", "fd", "maps", "mem", "stat"};
  unsigned listed = count_listed(), known = 0;
  for (pid_t pid = 1; pid < 3000; pid++) {
    char path[64];
    if (pid == getpid()) continue;
    snprintf(path, sizeof path, "/proc/%d", pid);
    if (access(path, F_OK)) continue;
    for (unsigned i = 0; i < COUNT_OF(names); i++) {
      snprintf(path, sizeof path, "/proc/%d/%s", pid, names[i]);
      known += !access(path, R_OK);
    }
  }
  return listed || known ? broken("%u other processes are listed, %u files of some can be read", listed, known)
                         : held("alone");
}

ATTACK(processes_in_proc, "files", "a box sees its own processes in /proc and no other", .run = run,
       .outside.same_pids = true);
