/*
 * Promise: what waits in sockets counts.
 * Attack: fills many pairs of unix sockets that nobody reads.
 * It would show as more than the limit in sockets.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <sys/socket.h>
#include <unistd.h>

enum { LIMIT = 12, ENOUGH = 3 * LIMIT };

static int run(void) {
  static char block[32768];
  size_t total = 0;
  int pair[2], size = 8 << 20;
  while (total < ENOUGH * MIB && !socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) {
    for (unsigned i = 0; i < 2; i++) {
      setsockopt(pair[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
      for (ssize_t put; (put = send(pair[i], block, sizeof block, MSG_DONTWAIT)) > 0;) total += (size_t)put;
    }
  }
  return total >= ENOUGH * MIB ? broken("%zu MiB in sockets", total / MIB) : held("%zu MiB in sockets: %m", total / MIB);
}

ATTACK(socket_buffers, "memory", "socket buffers count", .run = run, .check = check_memory_peak,
       .limits = {.memory = LIMIT * MIB, .open_files = 4096}, .ends = STATUS(MEMORY_LIMIT),
       .weaker = "without cgroups memory of the kernel is not seen");
