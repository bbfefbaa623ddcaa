/*
 * Promise: files that have no name any more, or never had one, count as memory.
 * Attack: writes to deleted files and to O_TMPFILE in /tmp and /dev/shm, and keeps them open.
 * It would show as more than the memory limit.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <fcntl.h>
#include <unistd.h>

enum { LIMIT = 16, ENOUGH = 3 * LIMIT };

static int hidden(unsigned kind) {
  if (kind % 2) return open("/tmp", O_TMPFILE | O_WRONLY, 0600);
  int fd = open("/dev/shm/hidden", O_WRONLY | O_CREAT | O_EXCL, 0600);
  unlink("/dev/shm/hidden");
  return fd;
}

static int run(void) {
  static char block[1 << 20];
  for (unsigned i = 0; i < ENOUGH; i++) {
    int fd = hidden(i);
    if (fd < 0) return could_not("a hidden file: %m");
    if (write(fd, block, sizeof block) != sizeof block) return held("%u MiB were written: %m", i);
  }
  return broken("%u MiB of hidden files", ENOUGH);
}

ATTACK(hidden_files, "memory", "files without a name count as memory", .run = run, .check = check_memory_peak,
       .limits = {.memory = LIMIT * MIB, .disk = 256 * MIB, .file = 256 * MIB}, .ends = STATUS(MEMORY_LIMIT),
       .weaker = "without cgroups files are limited by the size of /w and /tmp alone");
