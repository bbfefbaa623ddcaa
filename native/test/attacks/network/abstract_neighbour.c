/*
 * Promise: a box can't reach its neighbour's sockets.
 * Attack: abstract names of unix sockets belong to the network namespace, not to any directory.
 * It would show as a connection.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "\0neighbour"};

static int victim(void) {
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (bind(fd, (const struct sockaddr *)&name, sizeof name) || listen(fd, 4)) return could_not("no server");
  ready();
}

static int run(void) {
  int stream = socket(AF_UNIX, SOCK_STREAM, 0);
  if (connect(stream, (const struct sockaddr *)&name, sizeof name) == 0) return broken("the neighbour answers");
  return held("%s", strerrorname_np(errno));
}

ATTACK(abstract_neighbour, "network", "a box can't reach its neighbour's sockets", .run = run, .victim = victim);
