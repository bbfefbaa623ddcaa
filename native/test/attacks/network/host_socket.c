/*
 * Promise: a box can't reach the host's sockets by paths.
 * Attack: servers of the host listen in directories: databases, engines, and sandboxd itself. This one
 * lets everybody in who finds it.
 * It would show as a connection.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static bool make_name(struct sockaddr_un *address, const char *path) {
  *address = (struct sockaddr_un){.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address->sun_path) return false;
  memcpy(address->sun_path, path, strlen(path));
  return true;
}

static int run(void) {
  static const char *const prefixes[] = {"", "/proc/self/root", "../../..", "/proc/1/root", "/dev/fd/3/.."};
  for (unsigned i = 0; i < COUNT_OF(prefixes); i++) {
    struct sockaddr_un address;
    char path[256];
    snprintf(path, sizeof path, "%s%s", prefixes[i], argument(0));
    if (!make_name(&address, path)) continue;
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (!connect(fd, (struct sockaddr *)&address, sizeof address)) return broken("the host answers at %s", path);
    close(fd);
  }
  return held("not by %zu ways", COUNT_OF(prefixes));
}

static void before(struct scene *scene) {
  char path[160];
  struct sockaddr_un address;
  snprintf(path, sizeof path, "%s/s", scene->directory);
  int *server = malloc(sizeof *server);
  scene->own = server;
  *server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (!make_name(&address, path) || bind(*server, (struct sockaddr *)&address, sizeof address) || listen(*server, 4) ||
      chmod(path, 0666))
    scene_could_not(scene, "no server: %s", strerror(errno));
  scene_argument(scene, "%s", path);
}

static void after(struct scene *scene) {
  close_fd(scene->own);
  free(scene->own);
}

ATTACK(host_socket, "network", "a box can't reach the host's sockets by paths", .run = run, .before = before,
       .after = after);
