/*
 * Promise: the smallest limit leaves the slot alive, whatever a program does in it.
 * Attack: wants everything at once (memory, files, processes) with 1 MiB, run after run in one slot.
 * It would show as memory beyond the limit, or as a slot that fails.
 */
#include "resources.h"

#include <fcntl.h>
#include <unistd.h>

static int run(void) {
  for (unsigned i = 0; i < 4; i++)
    if (fork() == 0) break;
  int fd = open("file", O_WRONLY | O_CREAT, 0644);
  void *memory = touched(4 * MIB);
  if (memory && fd >= 0 && write(fd, memory, 4 * MIB) == (ssize_t)(4 * MIB)) return broken("8 MiB of 1");
  return held("it was refused");
}

ATTACK(tiniest, "memory", "1 MiB leaves the slot alive", .run = run, .check = check_memory_peak, .limits = {.memory = MIB},
       .ends = STATUS(MEMORY_LIMIT) | STATUS(START_FAILED), .repeat = 5,
       .weaker = "without cgroups processes are looked at each 10 ms");
