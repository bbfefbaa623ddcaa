/*
 * Promise: a box does not know where in the machine's memory its pages are, which attacks on the memory
 * itself need (row hammering, sets of a shared cache).
 * Attack: reads the frame numbers of its own pages.
 * It would show as a number that is not zero.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int run(void) {
  uint64_t entry = 0;
  char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return could_not("no memory");
  *page = 1;
  int fd = open("/proc/self/pagemap", O_RDONLY);
  if (fd < 0) return held("%s", strerrorname_np(errno));
  if (pread(fd, &entry, sizeof entry, (off_t)((uintptr_t)page / 4096 * sizeof entry)) != sizeof entry)
    return could_not("the page is not in the list");
  uint64_t frame = entry & ((1ull << 55) - 1);
  return frame ? broken("frame %llu", (unsigned long long)frame) : held("no frame is told");
}

ATTACK(physical_addresses, "kernel", "a box does not know where its pages are", .run = run, .outside.root = true);
