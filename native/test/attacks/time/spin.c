/*
 * Promise: CPU time is limited, whatever a program thinks of signals.
 * Attack: ignores and blocks every signal, raises its own limit, and uses the processor.
 * It would show as more CPU time than the limit.
 */
#include "resources.h"

#include <signal.h>
#include <sys/resource.h>

enum { LIMIT = 100 };

static int run(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  for (int number = 1; number <= 64; number++) signal(number, SIG_IGN);
  raise_soft_limit(RLIMIT_CPU);
  burn_cpu(patience_ms(LIMIT) * MS);
  return broken("more than %u ms of CPU time", LIMIT);
}

ATTACK(spin, "time", "CPU time is limited", .run = run, .limits = {.cpu = LIMIT * MS},
       .ends = STATUS(CPU_LIMIT));
