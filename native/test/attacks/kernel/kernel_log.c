/*
 * Promise: a box can't read the kernel's log.
 * Attack: the kernel's log names addresses, devices and other users' programs. A box that may read it
 * learns of the host.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <sys/klog.h>

static int run(void) {
  struct refusals all = {0};
  TRY(all, klogctl(10 /* size of the log */, NULL, 0));
  return refused_all(&all);
}

EVIDENCE("syslog=1")

ATTACK(kernel_log, "kernel", "a box can't read the kernel's log", .run = run, .check = check, .outside.root = true);
