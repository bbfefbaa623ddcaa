/* A lease on a file of the image is told of every other box that opens it, and makes the host wait that
   wants to change it. */
#define _GNU_SOURCE
#include "../attack.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int lease(const char *path) {
  int fd = open(path, O_RDONLY);
  if (fd < 0) return could_not("%s can't be opened", path);
  if (fcntl(fd, F_SETLEASE, F_RDLCK) < 0) return held("%s", strerrorname_np(errno));
  fcntl(fd, F_SETLEASE, F_UNLCK);
  return broken("a lease on %s", path);
}

static int run(void) {
  return lease("/bin/attacks");
}

static int control(void) {
  close(creat("own", 0644));
  return lease("own");
}

ATTACK(image_leases, "files", "a box gets no lease on a file of the image", .run = run, .control = control);
