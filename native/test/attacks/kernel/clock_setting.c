/*
 * Promise: a box can't change the clock.
 * Attack: the clock is one for the whole machine: certificates, leases and logs depend on it. Nothing
 * is changed here: there is no time in the calls, or none that the clock takes.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <sys/syscall.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  struct timespec time = {0};
  struct timex adjustment = {0};
  TRY(all, syscall(SYS_settimeofday, NULL, NULL));
  TRY(all, syscall(SYS_clock_settime, CLOCK_MONOTONIC, &time));
  TRY(all, syscall(SYS_adjtimex, &adjustment));
  TRY(all, syscall(SYS_clock_adjtime, CLOCK_REALTIME, &adjustment));
  return refused_all(&all);
}

EVIDENCE("settimeofday=1", "clock_settime=1", "adjtimex=1", "clock_adjtime=1")

ATTACK(clock_setting, "kernel", "a box can't change the clock", .run = run, .check = check, .outside.root = true);
