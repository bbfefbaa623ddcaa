/* For attacks that look for a way to the host's files: any host has some of these, the image none. */
#pragma once

#include "attack.h"

#include <stdio.h>
#include <unistd.h>

/* How many of them are below this directory; the first one's path. */
static inline unsigned count_host_files(const char *directory, char first[300]) {
  static const char *const files[] = {"etc/passwd", "etc/hostname", "usr/bin/env", "bin/sh",
                                      "var/lib",    "root",         "sys/kernel",  "run"};
  unsigned found = 0;
  for (unsigned i = 0; i < COUNT_OF(files); i++) {
    char path[300];
    snprintf(path, sizeof path, "%.250s/%s", directory, files[i]);
    if (!access(path, F_OK) && !found++) snprintf(first, 300, "%s", path);
  }
  return found;
}

static inline int look_below(const char *const *directories, unsigned count) {
  char first[300] = "";
  unsigned found = 0;
  for (unsigned i = 0; i < count; i++) {
    char other[300];
    found += count_host_files(directories[i], first[0] ? other : first);
  }
  return found ? broken("%u of the host's files, the first as %s", found, first) : held("%u ways lead nowhere", count);
}
