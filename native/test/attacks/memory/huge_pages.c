/*
 * Promise: transparent huge pages count.
 * Attack: asks for huge pages and touches one byte of each, up to three times the limit.
 * It would show as all of them.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <sys/mman.h>

enum { LIMIT = 24, HUGE = 2 };

static int run(void) {
  size_t size = 3 * LIMIT * MIB;
  char *memory = mmap(NULL, size + HUGE * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return held("the mapping was refused");
  memory += HUGE * MIB - (uintptr_t)memory % (HUGE * MIB);
  madvise(memory, size, MADV_HUGEPAGE);
  for (size_t at = 0; at < size; at += HUGE * MIB) memory[at] = 1;
  /* Where the machine gives no huge pages, small ones stand in. */
  touch(memory, size);
  return broken("%zu MiB", size / MIB);
}

ATTACK(huge_pages, "memory", "transparent huge pages count", .run = run, .check = check_memory_peak,
       .limits = {.memory = LIMIT * MIB}, .ends = STATUS(MEMORY_LIMIT),
       .weaker = "without cgroups processes are looked at each 10 ms");
