/*
 * Promise: a box can't set privileged options of sockets.
 * Attack: options of sockets that need power: buffers beyond the host's limits, marks that its firewall
 * trusts, the device to use, debugging.
 * It would show as an option that is set.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <sys/socket.h>
#include <unistd.h>

static int run(void) {
  static const int options[] = {SO_RCVBUFFORCE, SO_SNDBUFFORCE, SO_MARK, SO_DEBUG};
  int fd = socket(AF_UNIX, SOCK_DGRAM, 0), value = 64 << 20;
  unsigned set = 0;
  if (fd < 0) return could_not("no socket");
  for (unsigned i = 0; i < COUNT_OF(options); i++) set += !setsockopt(fd, SOL_SOCKET, options[i], &value, sizeof value);
  return set ? broken("%u options", set) : held("none");
}

ATTACK(socket_powers, "network", "a box can't set privileged options of sockets", .run = run, .outside.root = true);
