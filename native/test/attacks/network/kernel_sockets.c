/*
 * Promise: a box can't talk to the kernel's network by sockets.
 * Attack: netlink tells of interfaces, routes, processes and the audit log, and changes them.
 * It would show as a socket.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <sys/socket.h>
#include <unistd.h>

static int run(void) {
  unsigned made = 0;
  for (int protocol = 0; protocol < 32; protocol++) {
    int fd = socket(AF_NETLINK, SOCK_RAW, protocol), other = socket(AF_NETLINK, SOCK_DGRAM, protocol);
    made += fd >= 0 || other >= 0;
    close(fd);
    close(other);
  }
  return made ? broken("%u protocols", made) : held("none");
}

ATTACK(kernel_sockets, "network", "a box can't talk to the kernel's network by sockets", .run = run);
