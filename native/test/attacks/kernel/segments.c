/*
 * Promise: a box has no segment table of its own.
 * Attack: modify_ldt gives segments of 16 and 32 bits, the home of many faults of kernels.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#ifdef __x86_64__
#define _GNU_SOURCE
#include "suite/refused.h"

#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  char table[64];
  TRY(all, syscall(SYS_modify_ldt, 0, table, sizeof table));
  return refused_all(&all);
}

EVIDENCE("modify_ldt=1")

ATTACK(segments, "kernel", "a box has no segment table of its own", .run = run, .check = check);
#endif
