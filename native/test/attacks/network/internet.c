/*
 * Promise: a box can't connect to anything.
 * Attack: a connection to a server of the host: first by name of the loopback address, which every
 * machine has.
 * It would show as a connection on its way.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int run(void) {
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)atoi(argument(0)))};
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (fd < 0) return held("no socket: %s", strerrorname_np(errno));
  if (connect(fd, (struct sockaddr *)&address, sizeof address) && errno != EINPROGRESS)
    return held("no way: %s", strerrorname_np(errno));
  return broken("there is a way to the host's server");
}

static void before(struct scene *scene) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int *server = malloc(sizeof *server);
  scene->own = server;
  *server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(*server, (struct sockaddr *)&address, size) || listen(*server, 4) ||
      getsockname(*server, (struct sockaddr *)&address, &size))
    scene_could_not(scene, "no server: %s", strerror(errno));
  scene_argument(scene, "%u", ntohs(address.sin_port));
}

static void after(struct scene *scene) {
  close_fd(scene->own);
  free(scene->own);
}

ATTACK(internet, "network", "a box can't connect to anything", .run = run, .before = before, .after = after,
       .outside.same_net = true);
