/*
 * Promise: calls that nothing needs are refused.
 * Attack: calls that nothing needs any more, and that only faults of kernels are left in.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#ifdef __x86_64__
#define _GNU_SOURCE
#include "suite/refused.h"

#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  char buffer[64];
  TRY(all, syscall(SYS_uselib, "/w/none"));
  TRY(all, syscall(SYS_sysfs, 3));
  TRY(all, syscall(SYS_ustat, 0, buffer));
  return refused_all(&all);
}

EVIDENCE("uselib=1", "sysfs=1", "ustat=1")

ATTACK(old_calls, "kernel", "calls that nothing needs are refused", .run = run, .check = check);
#endif
