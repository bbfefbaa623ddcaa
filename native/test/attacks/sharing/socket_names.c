/*
 * Promise: a box does not see the sockets of others, not even their names.
 * Attack: reads the list of unix sockets, while a neighbour listens.
 * It would show as a name.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

static int victim(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "\0assay-attack"};
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 1)) return could_not("no socket: %m");
  ready();
}

static int run(void) {
  char line[512];
  FILE *list = fopen("/proc/self/net/unix", "r");
  if (!list) return held("no list: %m");
  while (fgets(line, sizeof line, list))
    if (strpbrk(line, "@/")) return broken("%.*s", (int)strcspn(line, "\n"), line);
  return held("no name");
}

ATTACK(socket_names, "sharing", "names of other boxes' sockets are not seen", .run = run, .victim = victim);
