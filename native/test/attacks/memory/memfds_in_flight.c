/*
 * Promise: memory counts that nobody has open, because its only descriptor is on its way through a socket.
 * Attack: fills memfds, sends each through a socket that is never read, and closes it.
 * It would show as more than the limit under way.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LIMIT = 16, ENOUGH = 3 * LIMIT };

static bool send_away(int socket, int fd) {
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
  } control = {.header = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
  struct iovec data = {"", 1};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
  return sendmsg(socket, &message, MSG_DONTWAIT) == 1;
}

static int run(void) {
  static char block[1 << 20];
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) return could_not("socketpair: %m");
  for (unsigned i = 0; i < ENOUGH; i++) {
    int fd = memfd_create("m", 0);
    if (fd < 0 || write(fd, block, sizeof block) != sizeof block) return held("memfd %u: %m", i);
    if (!send_away(pair[0], fd)) return held("%u memfds are in flight: %m", i);
    close(fd);
  }
  return broken("%u MiB in flight", ENOUGH);
}

ATTACK(memfds_in_flight, "memory", "memory in flight through a socket counts", .run = run, .check = check_memory_peak,
       .limits = {.memory = LIMIT * MIB}, .ends = STATUS(MEMORY_LIMIT),
       .weaker = "without cgroups only memory that a process has mapped can be seen");
