/*
 * Promise: no socket outlives its box.
 * Attack: the box before sends a listening socket through itself and dies, so that only the kernel's
 * collector can end it; the next one connects to its name.
 * It would show as a connection.
 */
#define _GNU_SOURCE
#include "hoard.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

static const struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "\0assay-left"};

static int take(void) {
  int listener = socket(AF_UNIX, SOCK_STREAM, 0), pair[2];
  char space[CMSG_SPACE(2 * sizeof listener)] = {0};
  struct iovec byte = {"", 1};
  struct msghdr message = {.msg_iov = &byte, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (bind(listener, (const struct sockaddr *)&address, sizeof address) || listen(listener, 4)) return -1;
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) return -1;
  *header = (struct cmsghdr){.cmsg_len = CMSG_LEN(2 * sizeof listener), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
  memcpy(CMSG_DATA(header), (int[]){listener, pair[1]}, 2 * sizeof listener);
  return (int)sendmsg(pair[0], &message, 0);
}

static int earlier(void) {
  return leave_daemon(take);
}

static int run(void) {
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  return attempt("connecting", connect(fd, (const struct sockaddr *)&address, sizeof address));
}

ATTACK(socket_leftover, "sharing", "no socket outlives its box", .earlier = earlier, .run = run, .repeat = 5);
