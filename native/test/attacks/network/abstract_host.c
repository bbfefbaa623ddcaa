/*
 * Promise: a box can't reach the host's sockets by abstract names.
 * Attack: the host's own servers have abstract names too: session buses, container engines.
 * It would show as a connection.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static socklen_t make_name(struct sockaddr_un *address, const char *text) {
  *address = (struct sockaddr_un){.sun_family = AF_UNIX};
  int length = snprintf(address->sun_path + 1, sizeof address->sun_path - 1, "%s", text);
  return (socklen_t)(sizeof address->sun_family + 1 + (unsigned)length);
}

static int run(void) {
  struct sockaddr_un address;
  socklen_t size = make_name(&address, argument(0));
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  return connect(fd, (struct sockaddr *)&address, size) ? held("%s", strerrorname_np(errno))
                                                        : broken("the host answers");
}

static void before(struct scene *scene) {
  char text[64];
  struct sockaddr_un address;
  snprintf(text, sizeof text, "host-%d-%u", getpid(), scene->outside);
  socklen_t size = make_name(&address, text);
  int *server = malloc(sizeof *server);
  scene->own = server;
  *server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(*server, (struct sockaddr *)&address, size) || listen(*server, 4))
    scene_could_not(scene, "no server: %s", strerror(errno));
  scene_argument(scene, "%s", text);
}

static void after(struct scene *scene) {
  close_fd(scene->own);
  free(scene->own);
}

ATTACK(abstract_host, "network", "a box can't reach the host's sockets by abstract names", .run = run, .before = before,
       .after = after, .outside.same_net = true);
