/*
 * Promise: the next box can hand descriptors around, whatever the box before has left on its way.
 * Attack: the box before sends sockets through each other and dies. The kernel counts what is under way
 * per user, refuses more than RLIMIT_NOFILE of them, and collects such circles in its own time.
 * It would show as ETOOMANYREFS.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LIMIT = 16 };

static ssize_t send_descriptor(int through, int fd) {
  char space[CMSG_SPACE(sizeof fd)] = {0};
  struct iovec byte = {"", 1};
  struct msghdr message = {.msg_iov = &byte, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  *header = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof fd), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
  memcpy(CMSG_DATA(header), &fd, sizeof fd);
  return sendmsg(through, &message, MSG_DONTWAIT);
}

/* Each pair is on its way through itself, so that nobody but the kernel's collector can reach it. */
static int earlier(void) {
  struct rlimit limit = {LIMIT, LIMIT};
  int sent = 0;
  setrlimit(RLIMIT_NOFILE, &limit);
  for (int pair[2]; sent < 4 * LIMIT && !socketpair(AF_UNIX, SOCK_DGRAM, 0, pair); sent++) {
    if (send_descriptor(pair[0], pair[1]) < 0) break;
    send_descriptor(pair[1], pair[0]);
    close(pair[0]);
    close(pair[1]);
  }
  return sent > 0 ? held("%d pairs", sent) : could_not("nothing could be sent: %m");
}

static int run(void) {
  struct rlimit limit = {LIMIT, LIMIT};
  int pair[2];
  setrlimit(RLIMIT_NOFILE, &limit);
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair)) return could_not("no sockets: %m");
  return send_descriptor(pair[0], pair[1]) < 0 ? broken("sending a descriptor: %m") : held("sent");
}

/* Outside, whoever has sent them is alive. */
static int control(void) {
  int pair[2];
  struct rlimit limit = {LIMIT, LIMIT};
  setrlimit(RLIMIT_NOFILE, &limit);
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair)) return could_not("no sockets: %m");
  for (int i = 0; i < 4 * LIMIT; i++)
    if (send_descriptor(pair[0], pair[1]) < 0) return broken("sending a descriptor: %m");
  return held("sent");
}

ATTACK(sockets_in_flight, "sharing", "no descriptors in flight are counted for the next box", .earlier = earlier, .run = run,
       .control = control, .repeat = 10);
