/*
 * Promise: processes that make themselves children of the box's init count and end like any other.
 * Attack: CLONE_PARENT, whose children are those of the parent, so init's; as many as it can.
 * It would show as more of them than the limit, or as one that outlives the program.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LIMIT = 8, ENOUGH = 3 * LIMIT };

static int run(void) {
  struct shared *alive = shared_counter();
  pid_t parent = getppid();
  /* Its parent is this process, so that outside the control's own parent is left alone. */
  if (fork() == 0) {
    while (alive->count < ENOUGH) {
      long pid = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
      if (pid < 0) break;
      if (pid > 0) continue;
      alive->count++;
      for (;;) pause();
    }
    alive->most = 1;
    for (;;) pause();
  }
  while (!alive->most) sleep_ms(1);
  sleep_ms(10);
  if (getppid() != parent) return broken("the parent is another one");
  return alive->count + 2 > LIMIT ? broken("%u siblings", alive->count) : held("%u siblings", alive->count);
}

ATTACK(siblings, "processes", "siblings made by CLONE_PARENT count", .run = run, .check = check_process_peak,
       .limits = {.processes = LIMIT}, .weaker = "without cgroups processes are counted by looking");
