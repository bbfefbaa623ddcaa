/*
 * Promise: pages that are written through a mapping of a file count for the disk limit.
 * Attack: a file with a hole of three times the limit, mapped and written.
 * It would show as all pages being there.
 */
#include "resources.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { LIMIT = 4, SIZE = 3 * LIMIT };

static int run(void) {
  int fd = open("hole", O_RDWR | O_CREAT, 0600);
  if (fd < 0 || ftruncate(fd, SIZE * MIB)) return held("a hole of %u MiB: %m", SIZE);
  void *memory = mmap(NULL, SIZE * MIB, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) return held("a mapping: %m");
  touch(memory, SIZE * MIB);
  return broken("%u MiB through a mapping", SIZE);
}

ATTACK(mapped_file, "output", "writes through mappings meet the disk limit", .run = run,
       .limits = {.disk = LIMIT * MIB, .file = 64 * MIB}, .ends = STATUS(SIGNALLED));
