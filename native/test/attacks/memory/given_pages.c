/*
 * Promise: pages count that no process has mapped because they were given to a pipe.
 * Attack: fills memory, gives its pages to pipes (vmsplice), and unmaps it.
 * It would show as more than the limit in pipes.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

enum { LIMIT = 12, ENOUGH = 3 * LIMIT };

static int run(void) {
  size_t total = 0;
  int ends[2];
  while (total < ENOUGH * MIB && !pipe2(ends, O_NONBLOCK)) {
    void *memory = touched(MIB);
    if (!memory) return held("%zu MiB were given: %m", total / MIB);
    fcntl(ends[0], F_SETPIPE_SZ, 1 << 20);
    struct iovec pages = {memory, MIB};
    ssize_t given = vmsplice(ends[1], &pages, 1, SPLICE_F_GIFT);
    if (given <= 0) return held("vmsplice after %zu MiB: %m", total / MIB);
    total += (size_t)given;
    munmap(memory, MIB);
  }
  return total >= ENOUGH * MIB ? broken("%zu MiB were given away", total / MIB) : held("%zu MiB: %m", total / MIB);
}

ATTACK(given_pages, "memory", "pages given to a pipe count", .run = run, .check = check_memory_peak,
       .limits = {.memory = LIMIT * MIB, .open_files = 2048}, .ends = STATUS(MEMORY_LIMIT),
       .weaker = "without cgroups memory of the kernel is not seen");
