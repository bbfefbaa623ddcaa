/*
 * Promise: shared anonymous memory counts, also while no process has it mapped in.
 * Attack: fills shared mappings, forgets their pages (MADV_DONTNEED leaves them in the mapping) and goes on.
 * It would show as more than the limit.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <sys/mman.h>

enum { LIMIT = 16, ENOUGH = 3 * LIMIT };

static int run(void) {
  for (unsigned i = 0; i < ENOUGH; i++) {
    char *memory = mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return held("mapping %u: %m", i);
    touch(memory, MIB);
    madvise(memory, MIB, MADV_DONTNEED);
  }
  return broken("%u MiB of shared memory", ENOUGH);
}

ATTACK(shared_anonymous, "memory", "shared memory counts when it is not mapped in", .run = run, .check = check_memory_peak,
       .limits = {.memory = LIMIT * MIB}, .ends = STATUS(MEMORY_LIMIT),
       .weaker = "without cgroups only memory that a process has mapped in can be seen");
