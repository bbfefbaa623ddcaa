/*
 * Promise: a box can't wake a machine that sleeps.
 * Attack: timers on the clocks that do so.
 * It would show as such a timer. The control is root.
 */
#include "attack.h"

#include <sys/timerfd.h>
#include <time.h>

static int run(void) {
  const int clocks[] = {CLOCK_REALTIME_ALARM, CLOCK_BOOTTIME_ALARM};
  for (unsigned i = 0; i < COUNT_OF(clocks); i++) {
    AUTO_CLOSE int fd = timerfd_create(clocks[i], TFD_CLOEXEC);
    timer_t timer;
    if (fd >= 0 || !timer_create(clocks[i], NULL, &timer)) return broken("a timer of clock %d", clocks[i]);
  }
  return held("no timer wakes the machine");
}

ATTACK(alarm_clock, "time", "no timer wakes the machine", .run = run, .outside = {.root = true});
