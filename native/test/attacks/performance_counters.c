/* Performance counters measure neighbours and the kernel itself. */
#define _GNU_SOURCE
#include "refused.h"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  struct perf_event_attr attributes = {.type = PERF_TYPE_SOFTWARE, .size = sizeof attributes, .config = PERF_COUNT_SW_TASK_CLOCK};
  MUST_REFUSE(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0));
  return held("no counters");
}

EVIDENCE("perf_event_open=1")

ATTACK(performance_counters, "kernel", "a box can't measure the machine with performance counters", .run = run,
       .check = check, .outside.root = true);
