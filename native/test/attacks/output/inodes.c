/*
 * Promise: the number of files of every kind is limited.
 * Attack: files, directories, links of both kinds, pipes, sockets and files without a name, in turn.
 * It would show as more of them than the limit.
 */
#define _GNU_SOURCE
#include "resources.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { LIMIT = 100, ENOUGH = 3 * LIMIT };

static bool make(unsigned number) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  char name[32];
  int fd;
  snprintf(name, sizeof name, "/tmp/n%u", number);
  switch (number % 7) {
    case 0: return (fd = open(name, O_WRONLY | O_CREAT, 0600)) >= 0 && !close(fd);
    case 1: return !mkdir(name, 0700);
    case 2: return !symlink("nowhere", name);
    case 3: return !mkfifo(name, 0600);
    case 4: return !link("/tmp/n0", name);
    case 5: return open("/tmp", O_TMPFILE | O_WRONLY, 0600) >= 0;
    default:
      snprintf(address.sun_path, sizeof address.sun_path, "%s", name);
      fd = socket(AF_UNIX, SOCK_STREAM, 0);
      return fd >= 0 && !bind(fd, (struct sockaddr *)&address, sizeof address) && !close(fd);
  }
}

static int run(void) {
  unsigned made = 0;
  for (unsigned number = 0; number < 4 * ENOUGH && made < ENOUGH; number++) made += make(number);
  return made > LIMIT ? broken("%u files of all kinds", made) : held("%u files of all kinds", made);
}

ATTACK(inodes, "output", "the number of files is limited", .run = run, .limits = {.inodes = LIMIT, .open_files = 512});
