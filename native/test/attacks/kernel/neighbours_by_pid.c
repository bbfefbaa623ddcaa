/*
 * Promise: a box finds no process of others by any number.
 * Attack: every number that a process could have is tried for a way to a process that is not this box's
 * own: the neighbour, its supervisor, the host's. Only pid 1 and the attack itself may be there.
 * It would show as a number that answers like a process.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MOST 40000

static bool exists(pid_t pid) {
  int fd = (int)syscall(SYS_pidfd_open, pid, 0);
  if (fd >= 0) close(fd);
  /* pidfd_open tells a thread from nothing by its error. */
  if (fd >= 0 || errno != ESRCH) return true;
  errno = 0;
  if (!kill(pid, 0) || errno != ESRCH) return true;
  if (sched_getscheduler(pid) >= 0 || errno != ESRCH) return true;
  errno = 0;
  return getpriority(PRIO_PROCESS, (id_t)pid) != -1 || errno == 0;
}

static int run(void) {
  unsigned found = 0;
  pid_t first = 0;
  for (pid_t pid = 2; pid < MOST; pid++) {
    if (pid == getpid() || !exists(pid)) continue;
    if (!found++) first = pid;
  }
  return found ? broken("%u other processes, the first is %d", found, first) : held("alone");
}

static int victim(void) {
  ready();
}

ATTACK(neighbours_by_pid, "kernel", "a box finds no process of others by any number", .run = run, .victim = victim,
       .outside.same_pids = true);
