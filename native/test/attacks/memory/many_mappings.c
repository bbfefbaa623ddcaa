/*
 * Promise: the kernel's notes about mappings count.
 * Attack: as many small mappings as a process may have, none of which can be joined with its neighbour, in
 * several processes; each costs some 200 bytes of kernel memory.
 * It would show as all of them being there.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <sys/mman.h>
#include <unistd.h>

enum { LIMIT = 16, MAPPINGS = 60000, CHILDREN = 5 };

static int run(void) {
  struct shared *there = shared_counter();
  for (unsigned i = 0; i < MAPPINGS; i++)
    if (mmap(NULL, 4096, i % 2 ? PROT_READ : PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
      return held("mapping %u: %m", i);
  for (unsigned i = 0; i < CHILDREN; i++) {
    pid_t pid = fork();
    if (pid < 0) return held("child %u: %m", i);
    if (pid > 0) continue;
    there->count++;
    for (;;) pause();
  }
  for (unsigned i = 0; i < 1000 && there->count < CHILDREN; i++) sleep_ms(2);
  return there->count == CHILDREN ? broken("%u mappings", MAPPINGS * (CHILDREN + 1)) : held("%u children", there->count);
}

ATTACK(many_mappings, "memory", "notes about mappings count", .run = run, .check = check_memory_peak,
       .limits = {.memory = LIMIT * MIB}, .ends = STATUS(MEMORY_LIMIT) | STATUS(EXITED),
       .weaker = "without cgroups memory of the kernel is not seen");
