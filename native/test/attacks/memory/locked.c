/*
 * Promise: locked memory counts like any other.
 * Attack: locks everything that it will ever map, then maps three times the limit.
 * It would show as a mapping that is all there. The control is root, for whom the kernel limits no locks.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <sys/mman.h>
#include <sys/resource.h>

enum { LIMIT = 16 };

static int run(void) {
  raise_soft_limit(RLIMIT_MEMLOCK);
  mlockall(MCL_CURRENT | MCL_FUTURE);
  void *memory = mmap(NULL, 3 * LIMIT * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0);
  unsigned char there[3 * LIMIT * 256] = {0};
  if (memory == MAP_FAILED) return held("locked memory: %m");
  mincore(memory, 3 * LIMIT * MIB, there);
  for (unsigned i = 0; i < COUNT_OF(there); i++)
    if (!(there[i] & 1)) return held("page %u is not there", i);
  return broken("%u MiB are locked", 3 * LIMIT);
}

ATTACK(locked, "memory", "locked memory is limited", .run = run, .check = check_memory_peak, .limits = {.memory = LIMIT * MIB},
       .ends = STATUS(MEMORY_LIMIT) | STATUS(EXITED), .outside = {.root = true});
