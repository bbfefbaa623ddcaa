/*
 * Promise: CPU time is counted exactly, not sampled.
 * Attack: works for less than a tick of the kernel's clock and sleeps when the tick comes, again and again.
 * It would show as more CPU time than the limit.
 */
#include "resources.h"

#include <time.h>

enum { LIMIT = 60 };

static int run(void) {
  while (cpu_used() < patience_ms(LIMIT) * MS) {
    uint64_t start = now_ns();
    while (now_ns() - start < 700000) continue;
    nanosleep(&(struct timespec){0, 50000}, NULL);
  }
  return broken("more than %u ms of CPU time between ticks", LIMIT);
}

ATTACK(between_ticks, "time", "CPU time can't be hidden between ticks", .run = run,
       .limits = {.cpu = LIMIT * MS}, .ends = STATUS(CPU_LIMIT));
