/*
 * Promise: no socket of a run can be reached in the next.
 * Attack: a listening socket that is on its way through a pair of sockets which are sent along outlives
 * its box: the next one could connect to it, and leave messages for whoever comes then.
 * It would show as a connection.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "\0buried"};

static int make_listener(void) {
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  return bind(fd, (const struct sockaddr *)&name, sizeof name) || listen(fd, 4) ? -1 : fd;
}

static int earlier(void) {
  int pair[2], listener = make_listener();
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(3 * sizeof(int))];
  } rights = {0};
  struct iovec data = {"", 1};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &rights, .msg_controllen = sizeof rights};
  if (listener < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) return could_not("no sockets");
  rights.header = (struct cmsghdr){CMSG_LEN(3 * sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
  memcpy(CMSG_DATA(&rights.header), (int[]){pair[0], pair[1], listener}, 3 * sizeof(int));
  return sendmsg(pair[0], &message, 0) == 1 ? held("buried")
                                            : could_not("it can't be buried: %s", strerrorname_np(errno));
}

static int run(void) {
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  return connect(fd, (const struct sockaddr *)&name, sizeof name) ? held("%s", strerrorname_np(errno))
                                                                  : broken("it answers");
}

/* The kernel may have collected it by then, or not: its name is taken, or this process holds it. */
static int control(void) {
  if (make_listener() >= 0) return run();
  return errno == EADDRINUSE ? broken("its name is still taken") : could_not("no socket");
}

ATTACK(buried_socket, "network", "no socket of a run can be reached in the next", .earlier = earlier, .run = run,
       .control = control);
