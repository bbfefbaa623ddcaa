/*
 * Promise: memory that grows in place counts.
 * Attack: brk in small steps, and one mapping that mremap moves and doubles.
 * It would show as more than the limit.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <sys/mman.h>
#include <unistd.h>

enum { LIMIT = 16, ENOUGH = 3 * LIMIT };

static int run(void) {
  for (unsigned i = 0; i < LIMIT; i++) {
    char *more = sbrk(MIB);
    if (more == (void *)-1) return held("brk at %u MiB: %m", i);
    touch(more, MIB);
  }
  size_t size = MIB;
  char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  while (memory != MAP_FAILED && size < (ENOUGH - LIMIT) * MIB) {
    memory = mremap(memory, size, size * 2, MREMAP_MAYMOVE);
    size *= 2;
    if (memory != MAP_FAILED) touch(memory, size);
  }
  return memory == MAP_FAILED ? held("mremap to %zu: %m", size) : broken("%zu MiB", size / MIB + LIMIT);
}

ATTACK(growing, "memory", "memory that grows in place counts", .run = run, .check = check_memory_peak,
       .limits = {.memory = LIMIT * MIB}, .ends = STATUS(MEMORY_LIMIT),
       .weaker = "without cgroups processes are looked at each 10 ms");
