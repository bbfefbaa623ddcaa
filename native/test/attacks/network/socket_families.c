/*
 * Promise: a box has unix sockets and no others.
 * Attack: every address family and type: the internet, the hypervisor's sockets, the kernel's own
 * (netlink, crypto), and dozens that nobody has looked at for years. Only unix sockets may be made.
 * It would show as a socket, or as a refusal that is not counted.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define FAMILIES 50

static int run(void) {
  static const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET};
  unsigned made = 0;
  int first = 0;
  for (int family = 0; family < FAMILIES; family++) {
    if (family == AF_UNIX) continue;
    for (unsigned i = 0; i < COUNT_OF(types); i++) {
      int fd = socket(family, types[i], 0);
      if (fd < 0 && errno == EPERM) continue;
      if (fd >= 0 && !made++) first = family;
      if (fd >= 0) close(fd);
    }
  }
  return made ? broken("%u sockets, the first of family %d", made, first)
              : held("%d families, no socket", FAMILIES - 1);
}

static void check(struct scene *scene) {
  if (scene->outside) return;
  if (scene->outcome.refused_total != (FAMILIES - 1) * 4)
    scene_broken(scene, "%u were refused", scene->outcome.refused_total);
}

ATTACK(socket_families, "network", "a box has unix sockets and no others", .run = run, .check = check);
