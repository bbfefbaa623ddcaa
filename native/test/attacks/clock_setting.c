/* The clock is one for the whole machine: certificates, leases and logs depend on it. Nothing is changed
   here: there is no time in the calls, or none that the clock takes. */
#define _GNU_SOURCE
#include "refused.h"

#include <sys/syscall.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

static int run(void) {
  struct timespec time = {0};
  struct timex adjustment = {0};
  MUST_REFUSE(syscall(SYS_settimeofday, NULL, NULL));
  MUST_REFUSE(syscall(SYS_clock_settime, CLOCK_MONOTONIC, &time));
  MUST_REFUSE(syscall(SYS_adjtimex, &adjustment));
  MUST_REFUSE(syscall(SYS_clock_adjtime, CLOCK_REALTIME, &adjustment));
  return held("the clock is the host's");
}

EVIDENCE("settimeofday=1", "clock_settime=1", "adjtimex=1", "clock_adjtime=1")

ATTACK(clock_setting, "kernel", "a box can't change the clock", .run = run, .check = check, .outside.root = true);
