/*
 * Promise: a box can't measure the machine with performance counters.
 * Attack: performance counters measure neighbours and the kernel itself.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  struct perf_event_attr attributes = {
      .type = PERF_TYPE_SOFTWARE, .size = sizeof attributes, .config = PERF_COUNT_SW_TASK_CLOCK};
  TRY(all, syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0));
  return refused_all(&all);
}

EVIDENCE("perf_event_open=1")

ATTACK(performance_counters, "kernel", "a box can't measure the machine with performance counters", .run = run,
       .check = check, .outside.root = true);
