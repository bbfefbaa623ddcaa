/*
 * Promise: the next box has the slot's whole allowance of pending signals and timers (RLIMIT_SIGPENDING).
 * Attack: a daemon of the box before keeps timers, of which each holds one.
 * It would show as fewer timers than were made the first time.
 */
#define _GNU_SOURCE
#include "hoard.h"

#include <signal.h>
#include <sys/resource.h>
#include <time.h>

enum { LIMIT = 300 };

static int take(void) {
  struct rlimit limit = {LIMIT, LIMIT};
  int made = 0;
  setrlimit(RLIMIT_SIGPENDING, &limit);
  for (timer_t timer; made < 2 * LIMIT; made++)
    if (timer_create(CLOCK_MONOTONIC, NULL, &timer)) break;
  return made;
}

static int earlier(void) {
  return leave_daemon(take);
}

static int run(void) {
  int made = take();
  return made < LIMIT ? broken("only %d of %d timers", made, LIMIT) : held("%d timers", made);
}

ATTACK(pending_signals, "sharing", "no pending signals are counted for the next box", .earlier = earlier, .run = run,
       .repeat = 4);
