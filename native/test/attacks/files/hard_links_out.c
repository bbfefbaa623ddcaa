/*
 * Promise: no file from outside gets a name in the work directory.
 * Attack: a hard link into the work directory would carry a file of the image or the host out of the
 * box with its owner and rights, and keep it alive.
 * It would show as a link.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static int link_all(const char *const *sources, unsigned count) {
  unsigned made = 0;
  for (unsigned i = 0; i < count; i++) {
    char name[16];
    snprintf(name, sizeof name, "link%u", i);
    made += !link(sources[i], name);
    unlink(name);
    made += !linkat(AT_FDCWD, sources[i], AT_FDCWD, name, AT_SYMLINK_FOLLOW);
    unlink(name);
    int fd = open(sources[i], O_PATH);
    made += !linkat(fd, "", AT_FDCWD, name, AT_EMPTY_PATH);
    unlink(name);
    made += !rename(sources[i], name);
    close(fd);
  }
  return made ? broken("%u links", made) : held("no link");
}

static int run(void) {
  /* Links of /proc themselves can't be linked to, only what they lead to. */
  static const char *const sources[] = {"/bin/attacks", "/proc/self/exe",    "/proc/self/fd/0",  "/proc/self/fd/1",
                                        "/dev/null",    "/proc/self/ns/mnt", "/proc/self/status"};
  return link_all(sources, COUNT_OF(sources));
}

static int control(void) {
  close(creat("own", 0644));
  return link_all((const char *const[]){"own"}, 1);
}

ATTACK(hard_links_out, "files", "no file from outside gets a name in the work directory", .run = run,
       .control = control);
