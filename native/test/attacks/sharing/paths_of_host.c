/*
 * Promise: a box learns no path of the host: neither where its image lies nor who runs it.
 * Attack: reads where its mounts come from.
 * It would show as the directory of this sandboxd, or of a layer below it.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The directory that this sandboxd and the scene are in. */
static void before(struct scene *scene) {
  char *parent = strdup(scene->directory);
  *strrchr(parent, '/') = 0;
  scene_argument(scene, "%s", strrchr(parent, '/') + 1);
  free(parent);
}

static int run(void) {
  static char text[65536];
  static const char *const files[] = {"/proc/self/mountinfo", "/proc/self/mounts", "/proc/self/mountstats", "/proc/self/maps",
                                      "/proc/self/environ", "/proc/self/cpuset"};
  for (unsigned i = 0; i < COUNT_OF(files); i++) {
    int fd = open(files[i], O_RDONLY);
    ssize_t size = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    for (ssize_t k = 0; k < size; k++)
      if (!text[k]) text[k] = '\n';
    text[size > 0 ? size : 0] = 0;
    if (strstr(text, argument(0))) return broken("%s has %s", files[i], argument(0));
    close(fd);
  }
  return held("no path of the host");
}

ATTACK(paths_of_host, "sharing", "paths of the host are not seen", .run = run, .before = before,
       .not_promised = "the kernel names the source of each mount, so the path of the images directory is seen");
