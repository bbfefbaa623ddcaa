/*
 * Promise: memory of anonymous files (memfd) counts.
 * Attack: writes to memfds until they are larger than the limit.
 * It would show as more than the limit.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <sys/mman.h>
#include <unistd.h>

enum { LIMIT = 16, ENOUGH = 3 * LIMIT };

static int run(void) {
  static char block[1 << 20];
  for (unsigned i = 0; i < ENOUGH; i++) {
    int fd = memfd_create("m", 0);
    if (fd < 0 || write(fd, block, sizeof block) != sizeof block) return held("memfd %u: %m", i);
  }
  return broken("%u MiB of memfds", ENOUGH);
}

ATTACK(memfd, "memory", "memfds count", .run = run, .check = check_memory_peak, .limits = {.memory = LIMIT * MIB},
       .ends = STATUS(MEMORY_LIMIT), .weaker = "without cgroups only memory that a process has mapped can be seen");
