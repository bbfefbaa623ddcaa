/*
 * Promise: a box sees no process but its own, by no call that takes a number.
 * Attack: asks for session, scheduler, affinity, limits, clock and descriptor of every number there may be.
 * It would show as an answer for a process that is neither the box's first nor the attack.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int victim(void) {
  ready();
}

static const char *sign_of(pid_t pid) {
  cpu_set_t set;
  struct rlimit limit;
  struct timespec used;
  /* The clock of another process: its number, inverted, above the kind. */
  clockid_t clock = (clockid_t)(~(unsigned)pid << 3 | 2);
  int scheduler = sched_getscheduler(pid);
  if (getsid(pid) >= 0) return "session";
  if (getpgid(pid) >= 0) return "process group";
  if (scheduler >= 0) return "scheduler";
  if (sched_getaffinity(pid, sizeof set, &set) == 0) return "affinity";
  if (prlimit(pid, RLIMIT_NOFILE, NULL, &limit) == 0) return "limits";
  if (clock_gettime(clock, &used) == 0) return "clock";
  return syscall(SYS_pidfd_open, pid, 0) >= 0 ? "descriptor" : NULL;
}

static int run(void) {
  for (pid_t pid = 2; pid < 40000; pid++) {
    const char *sign = pid == getpid() || pid == getppid() ? NULL : sign_of(pid);
    if (sign) return broken("the %s of %d", sign, pid);
  }
  return held("no other process");
}

ATTACK(signs_of_life, "sharing", "no call by number tells of other processes", .run = run, .victim = victim);
