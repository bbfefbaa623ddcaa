/*
 * Promise: a box does not learn which sandboxd and which slot runs it.
 * Attack: reads everything that /proc tells of its mounts, cgroups and memory.
 * It would show as a name that sandboxd gives to its own things, or as a layer of the host.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int run(void) {
  static char text[65536];
  static const char *const files[] = {"/proc/self/mountinfo", "/proc/self/cgroup", "/proc/self/maps", "/proc/self/environ"};
  static const char *const names[] = {"assay-", "slot-", "sandboxd ", "upperdir="};
  for (unsigned i = 0; i < COUNT_OF(files); i++) {
    int fd = open(files[i], O_RDONLY);
    ssize_t size = fd < 0 ? 0 : read(fd, text, sizeof text);
    for (unsigned k = 0; k < COUNT_OF(names); k++)
      if (size > 0 && memmem(text, (size_t)size, names[k], strlen(names[k]))) return broken("%s has %s", files[i], names[k]);
    close(fd);
  }
  return held("no name of its own");
}

/* The control's own file system is of the same kind, so there is a name of that kind in its environment. */
static void before(struct scene *scene) {
  if (scene->outside) scene->spec.env[1] = "SLOT=slot-0.sock";
}

ATTACK(names_of_instance, "sharing", "names of sandboxd's own things are not seen", .run = run, .before = before);
