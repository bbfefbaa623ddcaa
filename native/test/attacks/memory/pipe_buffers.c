/*
 * Promise: what is in pipes counts.
 * Attack: enlarges many pipes and fills them.
 * It would show as more than the limit in pipes.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <fcntl.h>
#include <unistd.h>

enum { LIMIT = 12, ENOUGH = 3 * LIMIT };

static int run(void) {
  static char block[65536];
  size_t total = 0;
  int ends[2];
  while (total < ENOUGH * MIB && !pipe2(ends, O_NONBLOCK)) {
    fcntl(ends[0], F_SETPIPE_SZ, 1 << 20);
    for (ssize_t put; (put = write(ends[1], block, sizeof block)) > 0;) total += (size_t)put;
  }
  return total >= ENOUGH * MIB ? broken("%zu MiB in pipes", total / MIB) : held("%zu MiB in pipes: %m", total / MIB);
}

ATTACK(pipe_buffers, "memory", "pipe buffers count", .run = run, .check = check_memory_peak,
       .limits = {.memory = LIMIT * MIB, .open_files = 2048}, .ends = STATUS(MEMORY_LIMIT),
       .weaker = "without cgroups memory of the kernel is not seen");
