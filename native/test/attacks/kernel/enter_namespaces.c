/*
 * Promise: a box can't enter a namespace.
 * Attack: setns enters namespaces by a descriptor: those of /proc, also of pid 1, or of a pidfd.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

static long enter(const char *path, int kind) {
  int fd = open(path, O_RDONLY);
  int error = setns(fd, kind) ? errno : 0;
  close(fd);
  errno = error;
  return error ? -1 : 0;
}

static int run(void) {
  struct refusals all = {0};
  int self = (int)syscall(SYS_pidfd_open, getpid(), 0);
  TRY(all, enter("/proc/self/ns/uts", CLONE_NEWUTS));
  TRY(all, enter("/proc/self/ns/net", CLONE_NEWNET));
  TRY(all, enter("/proc/self/ns/cgroup", CLONE_NEWCGROUP));
  TRY(all, enter("/proc/self/ns/user", CLONE_NEWUSER));
  TRY(all, enter("/proc/1/ns/mnt", 0));
  TRY(all, setns(self, CLONE_NEWUTS | CLONE_NEWIPC));
  TRY(all, setns(-1, 0));
  return refused_all(&all);
}

EVIDENCE("setns=7")

ATTACK(enter_namespaces, "kernel", "a box can't enter a namespace", .run = run, .check = check, .outside.root = true);
