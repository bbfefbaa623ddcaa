/*
 * Promise: a box gets no priority above its neighbours.
 * Attack: nice below 0, real-time and deadline scheduling, real-time input and output.
 * It would show as a call that succeeds.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <linux/sched.h>
#include <linux/sched/types.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Its usual name is in a header that does not go together with those of the kernel. */
struct priority {
  int sched_priority;
};

static int run(void) {
  const struct priority most = {1};
  struct sched_attr deadline = {.size = sizeof deadline,
                                .sched_policy = SCHED_DEADLINE,
                                .sched_runtime = 1000000,
                                .sched_deadline = 100000000,
                                .sched_period = 100000000};
  const int policies[] = {SCHED_FIFO, SCHED_RR};
  for (int nice = -1; nice >= -20; nice--)
    if (!setpriority(PRIO_PROCESS, 0, nice)) return broken("nice %d", nice);
  for (unsigned i = 0; i < COUNT_OF(policies); i++)
    if (!syscall(SYS_sched_setscheduler, 0, policies[i], &most)) return broken("policy %d", policies[i]);
  if (!syscall(SYS_sched_setattr, 0, &deadline, 0)) return broken("a deadline");
  if (!syscall(SYS_ioprio_set, 1, 0, 1 << 13)) return broken("real-time input and output");
  return held("the priority stays");
}

ATTACK(raise_priority, "processes", "no priority above the neighbours'", .run = run, .outside = {.root = true});
