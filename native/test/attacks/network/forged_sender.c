/*
 * Promise: a box can't send as another user or process.
 * Attack: a message may carry the process and user that sent it. Who can forge them is believed by
 * servers.
 * It would show as a message that is sent.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool send_as(int socket, struct ucred who) {
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof who)];
  } control = {.header = {CMSG_LEN(sizeof who), SOL_SOCKET, SCM_CREDENTIALS}};
  struct iovec data = {"x", 1};
  struct msghdr message = {
      .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  memcpy(CMSG_DATA(&control.header), &who, sizeof who);
  return sendmsg(socket, &message, 0) == 1;
}

static int run(void) {
  int pair[2], on = 1;
  unsigned forged = 0;
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) || setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on))
    return could_not("no sockets");
  if (!send_as(pair[0], (struct ucred){getpid(), getuid(), getgid()}))
    return could_not("not even as itself: %s", strerrorname_np(errno));
  forged += send_as(pair[0], (struct ucred){getpid(), getuid() + 1, getgid()});
  forged += send_as(pair[0], (struct ucred){getpid(), getuid(), getgid() + 1});
  forged += send_as(pair[0], (struct ucred){1, getuid(), getgid()});
  return forged ? broken("%u messages of others", forged) : held("only as itself");
}

ATTACK(forged_sender, "network", "a box can't send as another user or process", .run = run, .outside.root = true);
