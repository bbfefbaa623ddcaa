/*
 * Promise: time by the clock is limited, also for a program that does nothing.
 * Attack: sleeps, deaf to all signals.
 * It would show as a program that wakes up after its limit.
 */
#include "resources.h"

#include <signal.h>

enum { WALL = 200 };

static int run(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  sleep_ms(patience_ms(WALL));
  return broken("awake after %u ms", patience_ms(WALL));
}

ATTACK(sleep, "time", "time by the clock is limited", .run = run, .limits = {.wall = WALL * MS},
       .ends = STATUS(WALL_LIMIT));
