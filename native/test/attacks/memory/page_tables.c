/*
 * Promise: memory of the kernel that a program causes counts too: here page tables.
 * Attack: reads one byte of every 2 MiB of a huge mapping; what is read is one shared page of zeros, so all
 * that is taken are page tables, one of 4 KiB per read.
 * It would show as tables of three times the limit.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <sys/mman.h>

enum { LIMIT = 16, STEP = 2, TABLES = 3 * LIMIT * 256 };

static int run(void) {
  size_t size = (size_t)TABLES * STEP * MIB;
  volatile char *memory = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return held("a mapping of %zu MiB: %m", size / MIB);
  madvise((void *)memory, size, MADV_NOHUGEPAGE);
  for (size_t i = 0; i < TABLES; i++) (void)memory[i * STEP * MIB];
  return broken("%u MiB of page tables", TABLES / 256);
}

ATTACK(page_tables, "memory", "page tables count", .run = run, .check = check_memory_peak, .limits = {.memory = LIMIT * MIB},
       .ends = STATUS(MEMORY_LIMIT), .weaker = "without cgroups memory of the kernel is not seen");
