/*
 * Promise: a box can't slow down or limit the process that ends it.
 * Attack: new priorities, processors and limits for its parent.
 * It would show as a call that succeeds.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  struct rlimit64 limit;
  struct sched_param lowest = {0};
  cpu_set_t first, now;
  pid_t init = getppid();
  CPU_ZERO(&first);
  CPU_SET(0, &first);
  if (!prlimit64(init, RLIMIT_NPROC, NULL, &limit)) return broken("limits can be read");
  if (!sched_setscheduler(init, SCHED_BATCH, &lowest)) return broken("sched_setscheduler");
  /* Inside, the call succeeds and does nothing, for any process. */
  if (!sched_setaffinity(init, sizeof first, &first) && !sched_getaffinity(init, sizeof now, &now) && CPU_EQUAL(&now, &first))
    return broken("sched_setaffinity");
  if (!setpriority(PRIO_PROCESS, (id_t)init, 19)) return broken("setpriority");
  if (!syscall(SYS_ioprio_set, 1, init, 3 << 13)) return broken("ioprio_set");
  return held("nothing of init can be changed");
}

ATTACK(change_init, "processes", "the box's init can't be slowed down", .run = run, .outside = {.root = true},
       .weaker = "without root, init and the program have one uid; the kernel protects pid 1 from what is sent");
