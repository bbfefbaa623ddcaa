/*
 * Promise: signals that wait to be delivered count.
 * Attack: queues blocked real-time signals for itself until the kernel refuses.
 * It would show as a queue that is larger than the limit.
 */
#include "resources.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

/* A queued signal takes 80 bytes. */
enum { LIMIT = 2, SIGNALS = 60000 };

static int run(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  raise_soft_limit(RLIMIT_SIGPENDING);
  unsigned queued = 0;
  while (queued < SIGNALS && !sigqueue(getpid(), SIGRTMIN, (union sigval){0})) queued++;
  return queued == SIGNALS ? broken("%u signals wait", queued) : held("%u signals wait: %m", queued);
}

ATTACK(signal_queue, "memory", "queued signals count", .run = run, .check = check_memory_peak, .limits = {.memory = LIMIT * MIB},
       .ends = STATUS(MEMORY_LIMIT) | STATUS(EXITED), .weaker = "without cgroups memory of the kernel is not seen");
