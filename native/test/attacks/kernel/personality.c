/*
 * Promise: a box can't weaken the protection of its memory.
 * Attack: personalities make old programs run: memory that is executable wherever it is readable, fixed
 * addresses, pages at address 0, other semantics of calls.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <sys/personality.h>
#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  TRY(all, syscall(SYS_personality, READ_IMPLIES_EXEC));
  TRY(all, syscall(SYS_personality, ADDR_COMPAT_LAYOUT));
  TRY(all, syscall(SYS_personality, MMAP_PAGE_ZERO));
  TRY(all, syscall(SYS_personality, ADDR_NO_RANDOMIZE | READ_IMPLIES_EXEC));
  TRY(all, syscall(SYS_personality, 1UL << 32 | READ_IMPLIES_EXEC));
  return refused_all(&all);
}

EVIDENCE("personality=5")

ATTACK(personality, "kernel", "a box can't weaken the protection of its memory", .run = run, .check = check);
