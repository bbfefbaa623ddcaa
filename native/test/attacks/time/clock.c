/*
 * Promise: a box can't change the clock of the machine, nor ask for that.
 * Attack: the calls that would set or slew clocks, with arguments that change nothing.
 * It would show as a call that the kernel takes. The control is root and sets nothing either.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

static int run(void) {
  struct timex nothing = {0};
  unsigned taken = 0;
  taken += syscall(SYS_settimeofday, NULL, NULL) == 0;
  taken += syscall(SYS_adjtimex, &nothing) >= 0;
  taken += syscall(SYS_clock_adjtime, CLOCK_REALTIME, &nothing) >= 0;
  syscall(SYS_clock_settime, CLOCK_MONOTONIC, &(struct timespec){0});
  return taken ? broken("%u calls were taken", taken) : held("no call was taken");
}

static void check(struct scene *scene) {
  static const char *const names[] = {"settimeofday=1", "adjtimex=1", "clock_adjtime=1", "clock_settime=1"};
  for (unsigned i = 0; !scene->outside && i < COUNT_OF(names); i++)
    if (!strstr(scene->outcome.refused, names[i])) scene_broken(scene, "%s is not among the refused calls: %s", names[i], scene->outcome.refused);
}

ATTACK(clock, "time", "the machine's clock stays", .run = run, .check = check, .outside = {.root = true});
