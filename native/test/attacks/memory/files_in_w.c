/*
 * Promise: files count as memory, because they are in memory.
 * Attack: fills /w beyond the memory limit, where the disk limit would allow it.
 * It would show as files that are together larger than the memory limit.
 */
#include "resources.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { LIMIT = 16, ENOUGH = 3 * LIMIT };

static int run(void) {
  static char block[1 << 20];
  char name[16];
  for (unsigned i = 0; i < ENOUGH; i++) {
    snprintf(name, sizeof name, "f%u", i);
    int fd = open(name, O_WRONLY | O_CREAT, 0644);
    if (fd < 0 || write(fd, block, sizeof block) != sizeof block) return held("%u MiB were written: %m", i);
    close(fd);
  }
  return broken("%u MiB of files", ENOUGH);
}

ATTACK(files_in_w, "memory", "files of /w count as memory", .run = run, .check = check_memory_peak,
       .limits = {.memory = LIMIT * MIB, .disk = 256 * MIB, .file = 256 * MIB}, .ends = STATUS(MEMORY_LIMIT),
       .weaker = "without cgroups files are limited by the size of /w and /tmp alone");
