/*
 * Promise: a box has no memory that its limits can't see.
 * Attack: memory that the kernel itself can't see, and that can't be swapped or moved.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <sys/syscall.h>
#include <unistd.h>

static int run(void) {
  struct refusals all = {0};
  TRY(all, syscall(SYS_memfd_secret, 0));
  return refused_all(&all);
}

EVIDENCE("memfd_secret=1")

ATTACK(secret_memory, "kernel", "a box has no memory that its limits can't see", .run = run, .check = check);
