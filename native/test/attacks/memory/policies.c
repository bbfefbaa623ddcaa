/*
 * Promise: policies for parts of a mapping (mbind) count, or there are none.
 * Attack: another policy for every second page of many private mappings, in several processes, and of one shared
 * mapping without any page; the kernel keeps some 300 bytes for each.
 * It would show as policies that are together larger than the limit.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of linux/mempolicy.h, which is not with every C library. */
enum { BIND = 2, INTERLEAVE = 3 };
enum { LIMIT = 12, POLICY = 288, ENOUGH = 3 * LIMIT * 1024 * 1024 / POLICY };

static int run(void) {
  unsigned long first_node = 1;
  size_t size = 2 * (size_t)ENOUGH * 4096;
  char *memory = mmap(NULL, size, PROT_READ, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return held("a mapping: %m");
  unsigned made = 0;
  int policy = 0;
  /* Inside, the call succeeds and does nothing. */
  if (!syscall(SYS_mbind, memory, 4096ul, BIND, &first_node, 8 * sizeof first_node, 0) &&
      !syscall(SYS_get_mempolicy, &policy, NULL, 0ul, memory, 2 /* of an address */) && policy != BIND)
    return held("no policy is remembered");
  while (made < ENOUGH && !syscall(SYS_mbind, memory + made * 8192ul, 4096ul, BIND, &first_node, 8 * sizeof first_node, 0)) {
    /* Without being mapped they stay with the memory that they are about. */
    munmap(memory + made * 8192ul, 8192);
    made++;
  }
  return made == ENOUGH ? broken("%u MiB of policies", ENOUGH / (1024 * 1024 / POLICY)) : held("%u policies: %m", made);
}

ATTACK(policies, "memory", "policies of memory count", .run = run, .check = check_memory_peak,
       .limits = {.memory = LIMIT * MIB}, .ends = STATUS(MEMORY_LIMIT) | STATUS(EXITED),
       .weaker = "without cgroups memory of the kernel is not seen");
